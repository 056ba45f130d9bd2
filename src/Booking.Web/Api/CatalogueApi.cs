using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Booking.Data.Catalogue;
using Booking.Web.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace Booking.Web.Api;

/// <summary>
/// The open catalogue for programs. It knows no people: whoever asks, the answer is what a stranger may see. Unlike the pages it
/// refuses what it does not understand, because a program's misspelt filter should not look like an answer.
/// </summary>
public static class CatalogueApi
{
    /// <summary>Adds the routes under <c>/api/v1</c> and their description at <c>/openapi/v1.json</c>.</summary>
    /// <param name="endpoints">Where routes are added.</param>
    public static void MapCatalogueApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").AllowAnonymous().WithTags("Catalogue").CacheOutput(WebServices.CataloguePolicy);
        api.MapGet("/courses", ListCoursesAsync).WithName("ListCourses")
            .WithSummary("Courses with upcoming runs")
            .WithDescription("Several values of one filter mean any of them; filters are combined by \"and\". Twenty courses a page.");
        api.MapGet("/courses/{code}", GetCourseAsync).WithName("GetCourse")
            .WithSummary("One course with its runs")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs", ListRunsAsync).WithName("ListRuns")
            .WithSummary("Published runs by their start, soonest first")
            .WithDescription("A hundred runs a page. Without dates: from now on.");
        api.MapGet("/runs/{code}", GetRunAsync).WithName("GetRun")
            .WithSummary("One run with its sessions")
            .ProducesProblem(StatusCodes.Status404NotFound);
        endpoints.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
    }

    // One value of each parameter that finds something in the demonstration's plan.
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["q"] = "psykopatologi",
        ["focus"] = "care",
        ["form"] = "onsite",
        ["sector"] = "municipality",
        ["month"] = "2027-03",
        ["town"] = "Aalborg",
        ["seats"] = "1",
        ["sort"] = "title",
        ["page"] = "1",
        ["from"] = "2027-03-01",
        ["to"] = "2027-03-31",
        ["course"] = "K27-003",
    };

    internal static void Describe(Microsoft.AspNetCore.OpenApi.OpenApiOptions options)
    {
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Booking";
            document.Info.Version = "1";
            document.Info.Description =
                "Courses, their runs and free seats, open to everybody and without personal data. Numbers are at most two "
                + "seconds old; a reservation is always decided by the database. Errors are problem documents (RFC 9457).";
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                var example = parameter.Name == "code"
                    ? context.Description.RelativePath!.Contains("/runs/", StringComparison.Ordinal) ? "K27-003-1" : "K27-003"
                    : Examples[parameter.Name!];
                parameter.Example = parameter.Schema?.Type?.HasFlag(JsonSchemaType.Array) == true ? new JsonArray(example) : example;
            }

            return Task.CompletedTask;
        });
    }

    private static async Task<Results<Ok<ApiPage<ApiCourse>>, ValidationProblem>> ListCoursesAsync(
        HttpRequest request,
        CatalogueReader reader,
        [Description("Words; each must be the beginning of a word of the course, in Danish.")] string? q,
        [Description("Focus area: assessment, substance_use, care, involvement, leadership, introduction or career.")] string[]? focus,
        [Description("Form: onsite, online or hybrid.")] string[]? form,
        [Description("Sector: municipality, general_practice, somatic_hospital or other.")] string[]? sector,
        [Description("Month in which a run starts, as 2027-03.")] string[]? month,
        [Description("Town in which a run is held.")] string[]? town,
        [Description("1: only courses with seats left for people from outside.")] string? seats,
        [Description("Order: date, title or seats.")] string? sort,
        [Description("Page, from 1.")] string? page)
    {
        var filter = CatalogueQuery.Read(request.Query);
        Dictionary<string, string[]> faults = [];
        Check(faults, "focus", focus, filter.FocusAreas.Contains);
        Check(faults, "form", form, filter.Forms.Contains);
        Check(faults, "sector", sector, filter.Sectors.Contains);
        Check(faults, "month", month, value => CatalogueQuery.ParseMonth(value) is not null);
        Check(faults, "seats", [seats], value => value is "1" or "0");
        Check(faults, "sort", [sort], value => value is "date" or "title" or "seats");
        Check(faults, "page", [page], IsPage);
        if (faults.Count > 0)
        {
            return TypedResults.ValidationProblem(faults);
        }

        var list = await reader.ListAsync(filter, SeatViewer.Stranger);
        return TypedResults.Ok(new ApiPage<ApiCourse>
        {
            Items = [.. list.Courses.Select(ApiCourse.From)],
            Total = list.Total,
            Page = list.Page,
            Pages = list.Pages,
        });
    }

    private static async Task<Results<Ok<ApiCourseDetails>, ProblemHttpResult>> GetCourseAsync(
        CatalogueReader reader, [Description("The course's code.")] string code) =>
        await reader.FindCourseAsync(CatalogueQuery.CleanCode(code), SeatViewer.Stranger) is { } course
            ? TypedResults.Ok(ApiCourseDetails.From(course))
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "No course has this code.");

    private static async Task<Results<Ok<ApiPage<ApiRun>>, ValidationProblem>> ListRunsAsync(
        CatalogueReader reader,
        [Description("First day, as 2027-03-01, local time of the run.")] string? from,
        [Description("Last day, as 2027-03-31, local time of the run.")] string? to,
        [Description("Only runs of the course with this code.")] string? course,
        [Description("Only runs in this town.")] string? town,
        [Description("Page, from 1.")] string? page)
    {
        Dictionary<string, string[]> faults = [];
        Check(faults, "from", [from], value => Day(value) is not null);
        Check(faults, "to", [to], value => Day(value) is not null);
        Check(faults, "page", [page], IsPage);
        if (faults.Count > 0)
        {
            return TypedResults.ValidationProblem(faults);
        }

        var list = await reader.ListRunsAsync(new RunFilter
        {
            From = Day(from),
            To = Day(to),
            CourseCode = string.IsNullOrEmpty(course) ? null : CatalogueQuery.CleanCode(course),
            Town = string.IsNullOrEmpty(town) ? null : CatalogueQuery.Clean(town, 60),
            Page = page is null ? 1 : int.Parse(page, CultureInfo.InvariantCulture),
        });
        return TypedResults.Ok(new ApiPage<ApiRun>
        {
            Items = [.. list.Runs.Select(run => ApiRun.From(run, run.CourseCode))],
            Total = list.Total,
            Page = list.Page,
            Pages = list.Pages,
        });
    }

    private static async Task<Results<Ok<ApiRunDetails>, ProblemHttpResult>> GetRunAsync(
        CatalogueReader reader, [Description("The run's code.")] string code) =>
        await reader.FindRunAsync(CatalogueQuery.CleanCode(code), SeatViewer.Stranger) is { } run
            ? TypedResults.Ok(ApiRunDetails.From(run))
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "No run has this code.");

    private static void Check(Dictionary<string, string[]> faults, string name, string?[]? values, Func<string, bool> isKnown)
    {
        var unknown = (values ?? []).OfType<string>().Where(value => !isKnown(value)).ToArray();
        if (unknown.Length > 0)
        {
            faults[name] = [.. unknown.Select(value => $"'{value}' is not a value of {name}.")];
        }
    }

    private static bool IsPage(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page is >= 1 and <= 10_000;

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
