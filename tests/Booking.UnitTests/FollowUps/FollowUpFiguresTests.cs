using System.Text.Json;
using Booking.Data.FollowUps;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Booking.UnitTests.FollowUps;

/// <summary>The rule of five, tried on random groups.</summary>
public sealed class FollowUpFiguresTests
{
    private static readonly Gen<FollowUpGroup> AnyGroup =
        from answered in Gen.Choose(0, 12)
        from refused in Gen.Choose(0, 20)
        from points in Gen.Choose(1, 5).ArrayOf(answered)
        from barriers in Gen.Choose(0, answered).ArrayOf(6)
        from course in Gen.Choose(1, 5)
        from days in Gen.Elements(30, 60, 90)
        select new FollowUpGroup
        {
            CourseCode = $"K{course}",
            CourseTitle = $"Kursus {course}",
            Kind = FollowUpKinds.Use,
            Days = days,
            Asked = answered + refused,
            Answered = answered,
            Scales = new FollowUpScales { Frequency = [.. Enumerable.Range(1, 5).Select(point => points.Count(chosen => chosen == point))] },
            Barriers = barriers,
            Shared = [answered, 0, 0],
        };

    private static readonly Gen<FollowUpGroup[]> AnyYear = Gen.ArrayOf(AnyGroup).Resize(15);

    [Fact]
    public void Group_of_fewer_than_five_shows_nothing_that_depends_on_its_answers() => Holds(AnyGroup, group =>
    {
        var shown = group.Guarded();
        var empty = group with { Answered = 0, Scales = new FollowUpScales(), Barriers = [], Shared = [] };
        return group.Answered >= 5 ? shown == group : Json(shown) == Json(empty.Guarded()) && !shown.IsShown;
    });

    [Fact]
    public void Sum_less_the_shown_groups_leaves_nothing_of_the_hidden_ones() => Holds(AnyYear, year =>
    {
        var figures = FollowUpFigures.Of(year);
        return new[] { 30, 60, 90 }.All(days =>
        {
            var shown = figures.Groups.Where(group => group.Days == days && group.IsShown).ToList();
            return figures.Total(FollowUpKinds.Use, days) is not { } total
                ? shown.Count == 0
                : total.Answered == shown.Sum(group => group.Answered)
                    && total.Asked == shown.Sum(group => group.Asked)
                    && total.Scales.Frequency.SequenceEqual(Enumerable.Range(0, 5).Select(point => shown.Sum(group => group.Scales.Frequency[point])))
                    && total.Barriers.SequenceEqual(Enumerable.Range(0, 6).Select(barrier => shown.Sum(group => group.Barriers[barrier])));
        });
    });

    [Fact]
    public void Whatever_a_hidden_group_answered_every_figure_is_the_same() => Holds(AnyYear, year =>
    {
        var otherwise = year.Select(group => group.Answered < 5
            ? group with { Answered = 4, Scales = new FollowUpScales { Frequency = [0, 0, 0, 0, 4] }, Barriers = [4, 4, 4, 4, 4, 4], Shared = [0, 0, 4] }
            : group);
        return Everything(FollowUpFigures.Of(year)) == Everything(FollowUpFigures.Of(otherwise));
    });

    [Theory]
    [InlineData(new[] { 0, 0, 0, 0, 5 }, "5")]
    [InlineData(new[] { 1, 1, 1, 1, 1 }, "3")]
    [InlineData(new[] { 3, 1, 0, 0, 0 }, "1.25")]
    [InlineData(new[] { 0, 0, 0, 0, 0 }, "")]
    [InlineData(new int[0], "")]
    public void Mean_is_that_of_the_points(int[] counts, string mean) =>
        Assert.Equal(mean, FollowUpScales.Mean(counts)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "");

    private static string Everything(FollowUpFigures figures) =>
        Json(figures.Groups) + string.Concat(new[] { 30, 60, 90 }.Select(days => Json(figures.Total(FollowUpKinds.Use, days))));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    private static void Holds<T>(Gen<T> cases, Func<T, bool> rule) => Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), rule));
}
