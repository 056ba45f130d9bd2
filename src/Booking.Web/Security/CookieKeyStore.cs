using System.Xml.Linq;
using Booking.Data.Database;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Booking.Web.Security;

/// <summary>Lets the framework keep its cookie keys in PostgreSQL, shared by all nodes.</summary>
/// <param name="repository">Where the keys are.</param>
public sealed class CookieKeyStore(CookieKeyRepository repository) : IXmlRepository
{
    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements() => [.. repository.List().Select(XElement.Parse)];

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        repository.Store(friendlyName, element.ToString(SaveOptions.DisableFormatting));
    }
}
