using System.Net;
using System.Net.Sockets;

namespace Booking.Web.Verbs;

/// <summary>Asks before anything is started whether the addresses to listen on can be read and are free.</summary>
internal static class Ports
{
    /// <summary>What is wrong with the first address that cannot be used, or null.</summary>
    /// <param name="urls">Addresses as in <c>ASPNETCORE_URLS</c>, separated by semicolons.</param>
    public static string? FindFault(string? urls)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var readable = url.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(readable, UriKind.Absolute, out var address))
            {
                // The server would read 127.0.0.1:x as a name and listen on port 80 of every address.
                return $"'{url}' is not an address to listen on. Write it as in http://127.0.0.1:5081";
            }

            if (address.Port > 0 && Host(address) is { } host && !IsFree(new IPEndPoint(host, address.Port)))
            {
                return $"{url} is taken: another program, or another copy of this one, listens there. "
                    + "Choose another address, such as --urls http://127.0.0.1:5081";
            }
        }

        return null;
    }

    private static IPAddress? Host(Uri address) =>
        address.IsLoopback && address.HostNameType == UriHostNameType.Dns ? IPAddress.Loopback
        : IPAddress.TryParse(address.DnsSafeHost, out var parsed) ? parsed
        : null;

    private static bool IsFree(IPEndPoint place)
    {
        using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(place);
            socket.Listen();
            return true;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode != SocketError.AddressAlreadyInUse;
        }
    }
}
