namespace Booking.Web.Security;

/// <summary>
/// Answers 400 to a form with a NUL character: no person types one, and PostgreSQL refuses it in a text. Pages that search clean
/// their own words.
/// </summary>
internal static class RefuseNul
{
    /// <summary>Adds the check; before it must stand what turns a bare 400 into a page.</summary>
    /// <param name="app">The pipeline.</param>
    public static void UseRefuseNul(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (await HasNulAsync(context.Request, context.RequestAborted))
        {
            // The page that says so is rendered in this same request: what could not be read must not be read again.
            context.Request.Method = HttpMethods.Get;
            context.Request.ContentType = null;
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await next(context);
    });

    private static async Task<bool> HasNulAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return false;
        }

        try
        {
            var form = await request.ReadFormAsync(cancellationToken);
            return form.SelectMany(value => value.Value).Any(value => value?.Contains('\0', StringComparison.Ordinal) == true);
        }
        catch (InvalidDataException)
        {
            // The framework's own reader refuses NUL, and forms that are too large, by this exception.
            return true;
        }
    }
}
