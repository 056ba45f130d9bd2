namespace Booking.Data.Plans.Reading;

/// <summary>A department as the plan has it, with the database's values.</summary>
public sealed record PlanDepartment
{
    /// <summary>Line in afdelinger.csv.</summary>
    public required int Line { get; init; }

    /// <summary>The department's code.</summary>
    public required string Code { get; init; }

    /// <summary>The department's name.</summary>
    public required string Name { get; init; }

    /// <summary>Four digits.</summary>
    public required string PostalCode { get; init; }

    /// <summary>Town of the department's address.</summary>
    public required string Town { get; init; }

    /// <summary>Degrees north; null when not given.</summary>
    public decimal? Latitude { get; init; }

    /// <summary>Degrees east; null when not given.</summary>
    public decimal? Longitude { get; init; }

    /// <summary>Weight in the distribution key of every plan year of this plan.</summary>
    public required int Weight { get; init; }

    /// <summary>Least number of seats on every run.</summary>
    public required int MinimumSeats { get; init; }

    /// <summary>Addresses of those who book for the department.</summary>
    public required IReadOnlyList<string> SecretaryEmails { get; init; }
}

/// <summary>A course as the plan has it, with the database's values.</summary>
public sealed record PlanCourse
{
    /// <summary>Line in kurser.csv.</summary>
    public required int Line { get; init; }

    /// <summary>The course's code.</summary>
    public required string Code { get; init; }

    /// <summary>The course's title.</summary>
    public required string Title { get; init; }

    /// <summary>One of the seven focus areas, as stored.</summary>
    public required string FocusArea { get; init; }

    /// <summary>Kind of competence, as stored.</summary>
    public required string CompetenceKind { get; init; }

    /// <summary>Whom the course is limited to; empty when it is open to all.</summary>
    public required IReadOnlyList<string> TargetGroups { get; init; }

    /// <summary>Why the audience is limited.</summary>
    public string? AudienceExplanation { get; init; }

    /// <summary><c>onsite</c>, <c>online</c> or <c>hybrid</c>.</summary>
    public required string Form { get; init; }

    /// <summary>Code of the course that this one is the online variant of.</summary>
    public string? VariantOf { get; init; }

    /// <summary>Whether external sectors may take part.</summary>
    public required bool IsCrossSector { get; init; }

    /// <summary>Which sectors may take part, as stored.</summary>
    public required IReadOnlyList<string> Sectors { get; init; }

    /// <summary>One or two sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>The whole description.</summary>
    public required string Description { get; init; }

    /// <summary>What one can do afterwards.</summary>
    public required IReadOnlyList<string> LearningGoals { get; init; }

    /// <summary>How it is taught.</summary>
    public required string Method { get; init; }

    /// <summary>Whether participant and leader agree on goals.</summary>
    public required bool HasLearningAgreement { get; init; }

    /// <summary>For how many months the course counts; null for ever.</summary>
    public int? ValidMonths { get; init; }

    /// <summary>What an external participant pays, in kroner; null when nothing.</summary>
    public decimal? ExternalPrice { get; init; }

    /// <summary>What is served.</summary>
    public string? Catering { get; init; }
}

/// <summary>One meeting of a run.</summary>
public sealed record PlanSession
{
    /// <summary>When it begins.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>A run as the plan has it, with the database's values.</summary>
public sealed record PlanRun
{
    /// <summary>Line in hold.csv.</summary>
    public required int Line { get; init; }

    /// <summary>The run's code.</summary>
    public required string Code { get; init; }

    /// <summary>Code of the run's course.</summary>
    public required string CourseCode { get; init; }

    /// <summary>Local calendar year of the first session.</summary>
    public required int PlanYear { get; init; }

    /// <summary>The sessions in order.</summary>
    public required IReadOnlyList<PlanSession> Sessions { get; init; }

    /// <summary>Name of the place.</summary>
    public required string VenueName { get; init; }

    /// <summary>Street and number.</summary>
    public string? VenueAddress { get; init; }

    /// <summary>Four digits.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Town of the place.</summary>
    public string? Town { get; init; }

    /// <summary>Degrees north.</summary>
    public decimal? Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public decimal? Longitude { get; init; }

    /// <summary>Where to meet online.</summary>
    public string? OnlineLink { get; init; }

    /// <summary>Number of seats.</summary>
    public required int Capacity { get; init; }

    /// <summary>How many of the seats are for external sectors.</summary>
    public required int ExternalSeats { get; init; }

    /// <summary>How many it takes for the run to be held.</summary>
    public required int MinimumParticipants { get; init; }

    /// <summary>When one can begin to sign up.</summary>
    public required DateTimeOffset SignUpOpensAt { get; init; }

    /// <summary>When sign-up ends.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>When unused guaranteed seats go to the open pool.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>Until when one can cancel.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>Who teaches.</summary>
    public string? InstructorEmail { get; init; }

    /// <summary>What the run may cost, in kroner.</summary>
    public decimal? Budget { get; init; }
}

/// <summary>An employee as the plan has it.</summary>
public sealed record PlanEmployee
{
    /// <summary>Line in medarbejdere.csv.</summary>
    public required int Line { get; init; }

    /// <summary>The number that tells employees apart.</summary>
    public required string EmployeeNumber { get; init; }

    /// <summary>Full name.</summary>
    public required string Name { get; init; }

    /// <summary>E-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>Code of the employee's department.</summary>
    public required string DepartmentCode { get; init; }

    /// <summary>What the employee works as.</summary>
    public string? Position { get; init; }

    /// <summary>Address of the leader, who is an employee too.</summary>
    public string? LeaderEmail { get; init; }
}
