using Booking.Data.Database;
using Xunit;

namespace Booking.UnitTests.Site;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("booking-postgres-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void First_version_that_is_new_enough_is_taken() =>
        Assert.Equal(Folder("b"), PostgresBinaries.Find([Folder("none"), Install("a", "13.4"), Install("b", "15.18 (Debian 15.18-0)"), Install("c", "17beta1")]).Folder);

    [Fact]
    public void Older_version_is_named_and_the_needed_one_too()
    {
        var error = Assert.Throws<PostgresUnavailableException>(() => PostgresBinaries.Find([Install("a", "14.9")]));

        Assert.StartsWith($"PostgreSQL is too old: version 14 in {Folder("a")}. Install version 15 or later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_installed_says_what_to_install() => Assert.StartsWith(
        "PostgreSQL is not installed. Install version 15 or later",
        Assert.Throws<PostgresUnavailableException>(() => PostgresBinaries.Find([])).Message,
        StringComparison.Ordinal);

    private string Folder(string name) => Path.Combine(_root.FullName, name);

    private string Install(string name, string version)
    {
        Directory.CreateDirectory(Folder(name));
        foreach (var program in new[] { "postgres", "initdb" })
        {
            var file = Path.Combine(Folder(name), program);
            File.WriteAllText(file, $"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Folder(name);
    }
}
