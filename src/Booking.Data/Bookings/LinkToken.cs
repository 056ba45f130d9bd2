using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Booking.Data.Bookings;

/// <summary>The secret of a personal link: 32 random bytes as base64url. The database keeps only its SHA-256.</summary>
public static class LinkToken
{
    /// <summary>A new secret.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the database knows of a secret. Any text is allowed: a wrong one is simply not found.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
