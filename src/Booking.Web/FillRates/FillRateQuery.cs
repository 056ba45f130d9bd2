using System.Globalization;
using Booking.Data.FillRates;

namespace Booking.Web.FillRates;

/// <summary>Which part of the list is shown.</summary>
public enum FillRateView
{
    /// <summary>Every run.</summary>
    All,

    /// <summary>Below the minimum and soon to start.</summary>
    WillNotFill,

    /// <summary>With unused guaranteed seats.</summary>
    Unused,
}

/// <summary>Everything that the address of the fill rate page says. What is not understood is as if it were not there.</summary>
public sealed record FillRateQuery
{
    /// <summary>The seven focus areas, in the strategy's order.</summary>
    public static readonly IReadOnlyList<string> FocusAreas =
        ["assessment", "substance_use", "care", "involvement", "leadership", "introduction", "career"];

    /// <summary>The forms a course can have.</summary>
    public static readonly IReadOnlyList<string> Forms = ["onsite", "online", "hybrid"];

    /// <summary>The choices of <see cref="Days"/>.</summary>
    public static readonly IReadOnlyList<int> DayChoices = [14, 28, 42, 60, 90];

    private const int DefaultDays = 28;
    private const int LongestText = 100;

    /// <summary>The plan year; null for the one with upcoming runs.</summary>
    public int? Year { get; init; }

    /// <summary>Only upcoming runs (true), only past ones (false), or both.</summary>
    public bool? IsUpcoming { get; init; }

    /// <summary>One of <see cref="FocusAreas"/>.</summary>
    public string? FocusArea { get; init; }

    /// <summary>One of <see cref="Forms"/>.</summary>
    public string? Form { get; init; }

    /// <summary>1 to 12.</summary>
    public int? Month { get; init; }

    /// <summary>Words to be found in codes and title.</summary>
    public string Text { get; init; } = "";

    /// <summary>From how many days before the start a run below its minimum is called endangered.</summary>
    public int Days { get; init; } = DefaultDays;

    /// <summary>Which part of the list.</summary>
    public FillRateView View { get; init; }

    /// <summary>In which order.</summary>
    public FillRateOrder Order { get; init; } = DefaultOrder(FillRateColumn.Attention);

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Reads the address.</summary>
    /// <param name="query">The request's query.</param>
    public static FillRateQuery Parse(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var column = Column(First("sort"));
        return new FillRateQuery
        {
            Year = Number(First("year"), 1900, 9999),
            IsUpcoming = First("when") switch { "upcoming" => true, "past" => false, _ => null },
            FocusArea = FocusAreas.FirstOrDefault(a => a == First("area")),
            Form = Forms.FirstOrDefault(f => f == First("form")),
            Month = Number(First("month"), 1, 12),
            Text = Clean(First("q")),
            Days = Number(First("days"), 1, 366) ?? DefaultDays,
            View = First("view") switch { "will-not-fill" => FillRateView.WillNotFill, "unused" => FillRateView.Unused, _ => FillRateView.All },
            Order = First("dir") switch
            {
                "asc" => new FillRateOrder(column, IsDescending: false),
                "desc" => new FillRateOrder(column, IsDescending: true),
                _ => DefaultOrder(column),
            },
            Page = Number(First("page"), 1, int.MaxValue) ?? 1,
        };

        string First(string name) => query[name] is { Count: > 0 } values ? values[0] ?? "" : "";
    }

    /// <summary>What the repository is asked.</summary>
    /// <param name="year">The year shown.</param>
    public FillRateFilter ToFilter(int year) => new()
    {
        PlanYear = year,
        IsUpcoming = IsUpcoming,
        FocusArea = FocusArea,
        Form = Form,
        Month = Month,
        Words = Text.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>The address that asks for this: only what differs from the default stands in it.</summary>
    /// <param name="path">The page.</param>
    public string ToUrl(string path)
    {
        var parts = new List<KeyValuePair<string, string?>>();
        Add("year", Digits(Year));
        Add("when", WhenName);
        Add("area", FocusArea);
        Add("form", Form);
        Add("month", Digits(Month));
        Add("q", Text);
        Add("days", Days == DefaultDays ? null : Digits(Days));
        Add("view", ViewName(View));
        if (Order != DefaultOrder(FillRateColumn.Attention))
        {
            Add("sort", ColumnName(Order.Column));
            Add("dir", Order == DefaultOrder(Order.Column) ? null : DirectionName);
        }

        Add("page", Page == 1 ? null : Digits(Page));
        return path + QueryString.Create(parts).ToUriComponent();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts.Add(new(name, value));
            }
        }

        static string? Digits(int? value) => value?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The query after a click on a column's head: its natural order first, then the other way round.</summary>
    /// <param name="column">The column.</param>
    public FillRateQuery SortedBy(FillRateColumn column) => this with
    {
        Order = Order.Column == column ? Order with { IsDescending = !Order.IsDescending } : DefaultOrder(column),
        Page = 1,
    };

    /// <summary>A column's name in the address.</summary>
    /// <param name="column">The column.</param>
    public static string ColumnName(FillRateColumn column) => column.ToString().ToLowerInvariant();

    /// <summary>A view's name in the address; null for all.</summary>
    /// <param name="view">The view.</param>
    public static string? ViewName(FillRateView view) => view switch
    {
        FillRateView.All => null,
        FillRateView.WillNotFill => "will-not-fill",
        FillRateView.Unused => "unused",
    };

    /// <summary><c>asc</c> or <c>desc</c>.</summary>
    public string DirectionName => Order.IsDescending ? "desc" : "asc";

    /// <summary><c>upcoming</c>, <c>past</c> or null.</summary>
    public string? WhenName => IsUpcoming switch { true => "upcoming", false => "past", null => null };

    /// <summary>Whether anything but the year narrows the list.</summary>
    public bool IsNarrowed => IsUpcoming is not null || FocusArea is not null || Form is not null || Month is not null
        || Text.Length > 0 || View != FillRateView.All;

    // What one looks for stands first: little time, low rates, but many free or cancelled seats.
    private static FillRateOrder DefaultOrder(FillRateColumn column) => new(column, column is
        FillRateColumn.Capacity or FillRateColumn.Taken or FillRateColumn.Department or FillRateColumn.External
        or FillRateColumn.Open or FillRateColumn.Unused or FillRateColumn.FreeOpen or FillRateColumn.Cancelled);

    private static FillRateColumn Column(string name) =>
        Enum.GetValues<FillRateColumn>().FirstOrDefault(c => ColumnName(c) == name, FillRateColumn.Attention);

    private static int? Number(string text, int from, int to) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to ? number : null;

    // PostgreSQL has no text with NUL in it, and half a surrogate pair cannot be sent to it.
    private static string Clean(string text)
    {
        var clean = string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();
        return clean.Length <= LongestText ? clean : clean[..LongestText].TrimEnd();
    }
}
