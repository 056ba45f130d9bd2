using Booking.Data.Site;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Mail;

/// <summary>Where links in mails lead: Site:BaseUrl, or else the first address this process listens on.</summary>
public sealed class SiteAddress(IOptions<SiteOptions> site, IServiceProvider services)
{
    /// <summary>A whole address.</summary>
    /// <param name="path">Beginning with a slash; its parts already safe in an address.</param>
    /// <exception cref="InvalidOperationException">The site's address is neither configured nor known.</exception>
    public string Of(string path)
    {
        var configured = site.Value.BaseUrl;
        var root = configured.Length > 0
            ? configured
            : services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
                ?? throw new InvalidOperationException("Site:BaseUrl is not set, and this process serves no pages itself.");
        return root.TrimEnd('/') + path;
    }
}
