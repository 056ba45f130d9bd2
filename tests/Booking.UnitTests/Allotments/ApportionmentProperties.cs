using Booking.Data.Allotments;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Booking.UnitTests.Allotments;

/// <summary>What must hold for any key and any year, tried on random ones.</summary>
public sealed class ApportionmentProperties
{
    private static readonly Gen<int> Weight = Gen.Frequency(
        (6, Gen.Choose(1, 300)),
        (2, Gen.Choose(1, 3)),
        (1, Gen.Choose(1_000, 1_000_000)),
        (1, Gen.Constant(0)));

    private static readonly Gen<int[]> AnyKey = Gen.ArrayOf(Weight).Resize(30).Where(weights => weights.Length is > 0 and <= 30);

    private static readonly Gen<int[]> Key = AnyKey.Where(weights => weights.Any(weight => weight > 0));

    private static readonly Gen<int> RunSize = Gen.Choose(0, 60);

    private static readonly Gen<DepartmentClaim[]> AnyHistory =
        from weights in Key
        from minimums in Gen.Choose(0, 2).ArrayOf(weights.Length)
        from numerators in Gen.Choose(0, 500).ArrayOf(weights.Length)
        from denominator in Gen.Choose(1, 40)
        from seats in Gen.Choose(0, 20).ArrayOf(weights.Length)
        select Keys.Of(weights).Select((claim, index) => claim with
        {
            MinimumSeats = minimums[index],
            Entitled = new Fraction(numerators[index], denominator),
            GuaranteedSeats = seats[index],
        }).ToArray();

    private sealed record Case(DepartmentClaim[] Claims, int Seats);

    private static readonly Gen<Case> AnyCase =
        from claims in AnyHistory
        from seats in RunSize
        select new Case(claims, seats);

    [Fact]
    public void Every_seat_is_given_once_and_none_is_negative() => Holds(AnyCase, given =>
    {
        var result = Apportionment.Share(given.Claims, given.Seats);
        return result.Outcome switch
        {
            ApportionmentOutcome.Shared => result.Seats().Sum() == given.Seats
                && result.Departments.All(share => share.Seats >= (share.Department.Weight > 0 ? share.Department.MinimumSeats : 0))
                && result.Departments.Aggregate(Fraction.Zero, (sum, share) => sum + share.Share) == given.Seats,
            ApportionmentOutcome.MinimumsDoNotFit => result.MinimumSeats > given.Seats && result.Awards.Count == 0,
            ApportionmentOutcome.NoWeights => false,
        };
    });

    [Fact]
    public void One_seat_more_never_takes_a_seat_away() => Holds(AnyCase, given =>
    {
        var smaller = Apportionment.Share(given.Claims, given.Seats);
        var larger = Apportionment.Share(given.Claims, given.Seats + 1);
        return smaller.Seats().Zip(larger.Seats()).All(pair => pair.First <= pair.Second);
    });

    [Fact]
    public void Seats_added_later_end_where_one_larger_run_would() => Holds(AnyCase, given =>
    {
        var first = Apportionment.Share(given.Claims, given.Seats);
        if (first.Outcome != ApportionmentOutcome.Shared)
        {
            return true;
        }

        var added = Apportionment.ShareAddedSeats(first.Next(), 7);
        var together = Apportionment.Share(given.Claims, given.Seats + 7);
        return first.Seats().Zip(added.Seats(), (before, more) => before + more).SequenceEqual(together.Seats());
    });

    [Fact]
    public void The_order_of_departments_does_not_matter() => Holds(
        from given in AnyCase
        from shuffled in Gen.Shuffle(given.Claims)
        select (given, shuffled),
        pair => Same(Apportionment.Share(pair.given.Claims, pair.given.Seats), Apportionment.Share(pair.shuffled, pair.given.Seats)));

    [Fact]
    public void The_same_question_has_the_same_answer() => Holds(AnyCase, given =>
        Same(Apportionment.Share(given.Claims, given.Seats), Apportionment.Share(given.Claims, given.Seats)));

    [Fact]
    public void Multiplying_all_weights_changes_nothing() => Holds(
        from given in AnyCase
        from factor in Gen.Choose(2, 2_000)
        select (given, factor),
        pair =>
        {
            DepartmentClaim[] scaled = [.. pair.given.Claims.Select(claim => claim with { Weight = claim.Weight * pair.factor })];
            var left = Apportionment.Share(pair.given.Claims, pair.given.Seats);
            var right = Apportionment.Share(scaled, pair.given.Seats);
            return left.Seats().SequenceEqual(right.Seats()) && left.Awards.SequenceEqual(right.Awards);
        });

    [Fact]
    public void After_every_run_of_a_year_each_department_is_within_a_seat_of_its_exact_share() => Holds(
        from weights in Key
        from runs in RunSize.ArrayOf(25)
        select (weights, runs),
        year =>
        {
            var claims = Keys.Of(year.weights);
            foreach (var seats in year.runs)
            {
                var result = Apportionment.Share(claims, seats);
                if (result.LargestCarry() >= 1)
                {
                    return false;
                }

                claims = result.Next();
            }

            return true;
        });

    /// <summary>The textbook's sequence repeats after as many seats as the weights' sum: it keeps the quota for ever, or breaks it by then.</summary>
    [Fact]
    public void Where_the_textbook_keeps_the_quota_the_seats_go_out_in_the_textbooks_order() => Holds(
        from count in Gen.Choose(1, 6)
        from weights in Gen.Choose(1, 25).ArrayOf(count)
        select weights,
        weights =>
        {
            var textbook = Keys.Textbook(weights, weights.Sum());
            return !Keys.KeepsQuota(weights, textbook)
                || Apportionment.Share(Keys.Of(weights), weights.Sum()).Awards.Select(award => award.Code).SequenceEqual(textbook.Select(Keys.Code));
        });

    /// <summary>The quota guard against a guard that tries every later house size up to the end of the period, one by one.</summary>
    [Fact]
    public void The_quota_guard_agrees_with_one_that_tries_everything() => Holds(
        from count in Gen.Choose(2, 7)
        from weights in Gen.Frequency((3, Gen.Choose(1, 9)), (1, Gen.Choose(30, 120))).ArrayOf(count)
        select weights,
        weights => Apportionment.Share(Keys.Of(weights), weights.Sum()).Awards.Select(award => award.Code)
            .SequenceEqual(ExhaustiveQuota.Order(weights).Select(Keys.Code)));

    private static bool Same(ApportionmentResult left, ApportionmentResult right) =>
        left.Outcome == right.Outcome
        && left.Departments.SequenceEqual(right.Departments)
        && left.Awards.SequenceEqual(right.Awards);

    private static void Holds<T>(Gen<T> cases, Func<T, bool> property) =>
        Prop.ForAll(cases.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
