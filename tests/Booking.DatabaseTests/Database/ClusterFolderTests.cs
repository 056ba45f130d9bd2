using Booking.Data.Database;
using Xunit;

namespace Booking.DatabaseTests.Database;

public sealed class ClusterFolderTests
{
    [Fact]
    public async Task Cluster_refuses_a_socket_folder_that_somebody_laid_a_link_in_place_of()
    {
        var wanted = Directory.CreateTempSubdirectory("booking-folder-").FullName;
        var elsewhere = Directory.CreateTempSubdirectory("booking-elsewhere-").FullName;
        var mode = File.GetUnixFileMode(elsewhere);
        var folder = await ClusterFolder.PrepareAsync(wanted, CancellationToken.None);
        Directory.Delete(folder.Socket);
        Directory.CreateSymbolicLink(folder.Socket, elsewhere);
        try
        {
            await Assert.ThrowsAsync<PostgresUnavailableException>(() => ClusterFolder.PrepareAsync(wanted, CancellationToken.None));
            Assert.Equal(mode, File.GetUnixFileMode(elsewhere));
        }
        finally
        {
            File.Delete(folder.Socket);
            Directory.Delete(elsewhere);
            Directory.Delete(wanted, recursive: true);
        }
    }

    [Fact]
    public async Task Cluster_folder_of_the_socket_is_for_its_owner_alone()
    {
        var wanted = Directory.CreateTempSubdirectory("booking-folder-").FullName;

        var folder = await ClusterFolder.PrepareAsync(wanted, CancellationToken.None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Socket));
        Directory.Delete(folder.Socket);
        Directory.Delete(wanted, recursive: true);
    }
}
