using Booking.Data.Catalogue;

namespace Booking.Web.Api;

/// <summary>One page of a longer list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record ApiPage<T>
{
    /// <summary>The items of this page.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Number of items on all pages.</summary>
    /// <example>36</example>
    public required int Total { get; init; }

    /// <summary>This page, from 1.</summary>
    /// <example>1</example>
    public required int Page { get; init; }

    /// <summary>Number of pages.</summary>
    /// <example>2</example>
    public required int Pages { get; init; }
}

/// <summary>A course in the list.</summary>
public sealed record ApiCourse
{
    /// <summary>The course's code: what its addresses are made of.</summary>
    /// <example>K27-003</example>
    public required string Code { get; init; }

    /// <summary>Title, in Danish.</summary>
    /// <example>Psykopatologi – grundkursus</example>
    public required string Title { get; init; }

    /// <summary>A sentence or two, in Danish.</summary>
    public required string Summary { get; init; }

    /// <summary>The strategy's focus area.</summary>
    /// <example>assessment</example>
    public required string FocusArea { get; init; }

    /// <summary><c>onsite</c>, <c>online</c> or <c>hybrid</c>.</summary>
    /// <example>onsite</example>
    public required string Form { get; init; }

    /// <summary>Whether people from other sectors can sign up.</summary>
    public required bool IsCrossSector { get; init; }

    /// <summary>Those it is for; empty when it is for everybody.</summary>
    public required IReadOnlyList<string> TargetGroups { get; init; }

    /// <summary>Its upcoming runs that match, soonest first.</summary>
    public required IReadOnlyList<ApiRun> Runs { get; init; }

    internal static ApiCourse From(CatalogueCourse course) => new()
    {
        Code = course.Code,
        Title = course.Title,
        Summary = course.Summary,
        FocusArea = course.FocusArea,
        Form = course.Form,
        IsCrossSector = course.IsCrossSector,
        TargetGroups = course.TargetGroups,
        Runs = [.. course.Runs.Select(run => ApiRun.From(run, course.Code))],
    };
}

/// <summary>Everything that is public about a course.</summary>
public sealed record ApiCourseDetails
{
    /// <summary>The course's code.</summary>
    /// <example>K27-003</example>
    public required string Code { get; init; }

    /// <summary>Title, in Danish.</summary>
    /// <example>Psykopatologi – grundkursus</example>
    public required string Title { get; init; }

    /// <summary>A sentence or two, in Danish.</summary>
    public required string Summary { get; init; }

    /// <summary>The long text, in Danish.</summary>
    public required string Description { get; init; }

    /// <summary>What one can do afterwards.</summary>
    public required IReadOnlyList<string> LearningGoals { get; init; }

    /// <summary>The strategy's focus area.</summary>
    /// <example>assessment</example>
    public required string FocusArea { get; init; }

    /// <summary><c>professional</c>, <c>general</c>, <c>personal</c> or <c>organisational</c>.</summary>
    /// <example>professional</example>
    public required string CompetenceKind { get; init; }

    /// <summary><c>onsite</c>, <c>online</c> or <c>hybrid</c>.</summary>
    /// <example>onsite</example>
    public required string Form { get; init; }

    /// <summary>How it is taught.</summary>
    public required string Method { get; init; }

    /// <summary>Those it is for; empty when it is for everybody.</summary>
    public required IReadOnlyList<string> TargetGroups { get; init; }

    /// <summary>Why it is not for everybody.</summary>
    public required string? AudienceExplanation { get; init; }

    /// <summary>The other sectors it is for.</summary>
    public required IReadOnlyList<string> Sectors { get; init; }

    /// <summary>Whether participant and leader agree on goals.</summary>
    public required bool HasLearningAgreement { get; init; }

    /// <summary>For how many months it counts.</summary>
    public required int? ValidMonths { get; init; }

    /// <summary>Price for people from outside, in Danish kroner.</summary>
    /// <example>1250.00</example>
    public required decimal? ExternalPrice { get; init; }

    /// <summary>Code of the course that this is the online variant of.</summary>
    public required string? VariantOf { get; init; }

    /// <summary>Codes of its online variants.</summary>
    public required IReadOnlyList<string> OnlineVariants { get; init; }

    /// <summary>Its runs that are not over, soonest first.</summary>
    public required IReadOnlyList<ApiRun> Runs { get; init; }

    internal static ApiCourseDetails From(CourseDetails course) => new()
    {
        Code = course.Code,
        Title = course.Title,
        Summary = course.Summary,
        Description = course.Description,
        LearningGoals = course.LearningGoals,
        FocusArea = course.FocusArea,
        CompetenceKind = course.CompetenceKind,
        Form = course.Form,
        Method = course.Method,
        TargetGroups = course.TargetGroups,
        AudienceExplanation = course.AudienceExplanation,
        Sectors = course.Sectors,
        HasLearningAgreement = course.HasLearningAgreement,
        ValidMonths = course.ValidMonths,
        ExternalPrice = course.ExternalPrice,
        VariantOf = course.VariantOf?.Code,
        OnlineVariants = [.. course.OnlineVariants.Select(v => v.Code)],
        Runs = [.. course.Runs.Select(run => ApiRun.From(run, course.Code))],
    };
}

/// <summary>A run with its free seats.</summary>
public sealed record ApiRun
{
    /// <summary>The run's code.</summary>
    /// <example>K27-003-1</example>
    public required string Code { get; init; }

    /// <summary>Its course's code.</summary>
    /// <example>K27-003</example>
    public required string CourseCode { get; init; }

    /// <summary><c>published</c>, <c>cancelled</c> or <c>completed</c>.</summary>
    /// <example>published</example>
    public required string Status { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The zone its local times are in.</summary>
    /// <example>Europe/Copenhagen</example>
    public required string TimeZone { get; init; }

    /// <summary>Where it is held.</summary>
    public required string Venue { get; init; }

    /// <summary>The town; null when it is only online.</summary>
    /// <example>Aalborg</example>
    public required string? Town { get; init; }

    /// <summary>When sign-up opens.</summary>
    public required DateTimeOffset SignUpOpensAt { get; init; }

    /// <summary>When sign-up closes.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>Number of seats.</summary>
    /// <example>24</example>
    public required int Capacity { get; init; }

    /// <summary>Free seats by pool, at most two seconds old.</summary>
    public required ApiSeats FreeSeats { get; init; }

    internal static ApiRun From(CatalogueRun run, string courseCode) => new()
    {
        Code = run.Code,
        CourseCode = courseCode,
        Status = run.Status,
        StartsAt = run.StartsAt,
        EndsAt = run.EndsAt,
        TimeZone = run.TimeZone,
        Venue = run.VenueName,
        Town = run.Town,
        SignUpOpensAt = run.SignUpOpensAt,
        SignUpClosesAt = run.SignUpClosesAt,
        Capacity = run.Capacity,
        FreeSeats = new ApiSeats { Departments = run.OthersFree + run.OwnFree, External = run.ExternalFree, Open = run.OpenFree },
    };
}

/// <summary>Free seats by pool.</summary>
public sealed record ApiSeats
{
    /// <summary>Guaranteed to departments, together.</summary>
    /// <example>11</example>
    public required int Departments { get; init; }

    /// <summary>For other sectors.</summary>
    /// <example>3</example>
    public required int External { get; init; }

    /// <summary>For everybody.</summary>
    /// <example>0</example>
    public required int Open { get; init; }
}

/// <summary>Everything that is public about a run; the link to an online run is not.</summary>
public sealed record ApiRunDetails
{
    /// <summary>The run and its free seats.</summary>
    public required ApiRun Run { get; init; }

    /// <summary>Title of its course, in Danish.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>Street and number.</summary>
    public required string? Address { get; init; }

    /// <summary>Postal code.</summary>
    /// <example>9000</example>
    public required string? PostalCode { get; init; }

    /// <summary>Degrees north.</summary>
    public required decimal? Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public required decimal? Longitude { get; init; }

    /// <summary>When unused guaranteed seats are released to everybody.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>Until when cancelling is in time.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>The meetings, in their order.</summary>
    public required IReadOnlyList<RunSession> Sessions { get; init; }

    internal static ApiRunDetails From(RunDetails run) => new()
    {
        Run = ApiRun.From(run.Run, run.Course.Code),
        CourseTitle = run.Course.Title,
        Address = run.VenueAddress,
        PostalCode = run.PostalCode,
        Latitude = run.Latitude,
        Longitude = run.Longitude,
        ReleaseAt = run.ReleaseAt,
        CancellationDeadlineAt = run.CancellationDeadlineAt,
        Sessions = run.Sessions,
    };
}
