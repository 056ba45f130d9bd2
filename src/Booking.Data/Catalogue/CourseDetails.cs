namespace Booking.Data.Catalogue;

/// <summary>Everything that the page of one course says.</summary>
public sealed record CourseDetails
{
    /// <summary>The course.</summary>
    public required long CourseId { get; init; }

    /// <summary>Its code, as in URLs.</summary>
    public required string Code { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence or two.</summary>
    public required string Summary { get; init; }

    /// <summary>The long text.</summary>
    public required string Description { get; init; }

    /// <summary>What one can do afterwards, one goal each.</summary>
    public required string[] LearningGoals { get; init; }

    /// <summary>How it is taught.</summary>
    public required string Method { get; init; }

    /// <summary>Focus area, as stored.</summary>
    public required string FocusArea { get; init; }

    /// <summary>Competence kind, as stored.</summary>
    public required string CompetenceKind { get; init; }

    /// <summary>Those it is for; empty when it is for everybody.</summary>
    public required string[] TargetGroups { get; init; }

    /// <summary>Why it is not for everybody; there whenever <see cref="TargetGroups"/> is not empty.</summary>
    public string? AudienceExplanation { get; init; }

    /// <summary>Form, as stored.</summary>
    public required string Form { get; init; }

    /// <summary>Whether other sectors may take part.</summary>
    public required bool IsCrossSector { get; init; }

    /// <summary>Which sectors, as stored.</summary>
    public required string[] Sectors { get; init; }

    /// <summary>Whether participant and leader agree on goals before and look back after.</summary>
    public required bool HasLearningAgreement { get; init; }

    /// <summary>For how many months the course counts, if it must be renewed.</summary>
    public int? ValidMonths { get; init; }

    /// <summary>Price for people from outside, in kroner; null when it costs nothing.</summary>
    public decimal? ExternalPrice { get; init; }

    /// <summary>What is served.</summary>
    public string? Catering { get; init; }

    /// <summary>The course that this is the online variant of.</summary>
    public CourseLink? VariantOf { get; init; }

    /// <summary>The online variants of this course.</summary>
    public IReadOnlyList<CourseLink> OnlineVariants { get; init; } = [];

    /// <summary>Its published and cancelled runs that are not over, soonest first.</summary>
    public IReadOnlyList<CatalogueRun> Runs { get; init; } = [];
}

/// <summary>Another course to go to.</summary>
public sealed record CourseLink
{
    /// <summary>The course.</summary>
    public required long CourseId { get; init; }

    /// <summary>Its code, as in URLs.</summary>
    public required string Code { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }
}

/// <summary>Everything that the page of one run says.</summary>
public sealed record RunDetails
{
    /// <summary>The run and its free seats.</summary>
    public required CatalogueRun Run { get; init; }

    /// <summary>Its course.</summary>
    public required CourseLink Course { get; init; }

    /// <summary>Form of the course, as stored.</summary>
    public required string Form { get; init; }

    /// <summary>Street and number.</summary>
    public string? VenueAddress { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Degrees north.</summary>
    public decimal? Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public decimal? Longitude { get; init; }

    /// <summary>When unused guaranteed seats go to the open pool.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>Until when cancelling costs nothing.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>Price for people from outside, in kroner; null when it costs nothing.</summary>
    public decimal? ExternalPrice { get; init; }

    /// <summary>What is served.</summary>
    public string? Catering { get; init; }

    /// <summary>The meetings, in their order.</summary>
    public IReadOnlyList<RunSession> Sessions { get; init; } = [];
}

/// <summary>One meeting of a run.</summary>
public sealed record RunSession
{
    /// <summary>Number from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}
