using System.Collections.Immutable;
using Booking.Data.Swaps;
using Booking.Data.WaitingLists;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Histories;

/// <summary>Lives one history in a database of its own, beside the model, compares the two after every step, and
/// audits after every sweep.</summary>
internal static class History
{
    /// <returns>What went wrong and after how many steps; null when nothing did.</returns>
    public static async Task<(int Steps, string Fault)?> FindFaultAsync(
        TestDatabase world, ImmutableArray<Step> steps, HistoryCount? count = null)
    {
        await using var database = await world.CopyAsync();
        var product = new HistoryDatabase(database);
        var model = new Model(database.Clock, await product.ReadAsync());
        var before = model.Describe();
        for (var number = 0; number < steps.Length; number++)
        {
            try
            {
                await TakeAsync(steps[number], model, product, database.Clock);
            }
            catch (Exception error)
            {
                return (number + 1, error.ToString());
            }

            var (expected, actual) = (model.Describe(), await product.DescribeAsync());
            if (expected != actual)
            {
                return (number + 1, $"Expected:\n{expected}\nActual:\n{actual}");
            }

            count?.Add(steps[number].Kind, expected != before);
            before = expected;

            // The audit has no patience: it looks when a sweep has just been by.
            if (steps[number].Kind is StepKind.Sweep or StepKind.Advance && await FindBrokenAsync(database) is { } broken)
            {
                return (number + 1, broken);
            }
        }

        await product.SweepAsync();
        return await FindBrokenAsync(database) is { } fault ? (steps.Length, fault) : null;
    }

    private static async Task<string?> FindBrokenAsync(TestDatabase database)
    {
        var broken = await Invariants.BrokenAsync(database);
        return broken.Count == 0 ? null : $"The audit: {string.Join(", ", broken)}";
    }

    /// <summary>Leaves out whatever can be left out of a history that fails, the last step first.</summary>
    public static async Task<ImmutableArray<Step>> ShrinkAsync(TestDatabase world, ImmutableArray<Step> steps)
    {
        for (var number = steps.Length - 1; number >= 0; number--)
        {
            var shorter = steps.RemoveAt(number);
            if (await FindFaultAsync(world, shorter) is { } fault)
            {
                steps = shorter[..fault.Steps];
                number = Math.Min(number, steps.Length);
            }
        }

        return steps;
    }

    private static async Task TakeAsync(Step step, Model model, HistoryDatabase product, FakeClock clock)
    {
        var run = Meet(step, model);
        var code = run.Run.Code;
        switch (step.Kind)
        {
            case StepKind.Reserve:
                await product.ReserveAsync(code, step.Employees, step.AcceptsOverlap);
                model.Reserve(run, step.Employees, step.AcceptsOverlap);
                break;
            case StepKind.Cancel when run.Bookings.Count > 0:
                var booking = Model.Ordered(run)[step.Pick % run.Bookings.Count];
                await product.CancelAsync(code, booking);
                model.Cancel(run, booking);
                break;
            case StepKind.SignUp:
                await product.SignUpAsync(code, step.External, step.Pick % 2 == 0);
                model.SignUp(run, step.External, step.Pick % 2 == 0);
                break;
            case StepKind.Confirm:
                var confirming = run.SignUps.Count == 0 ? step.External : run.SignUps[step.Pick % run.SignUps.Count].Who;
                await product.ConfirmAsync(code, confirming, step.AcceptsOverlap);
                model.Confirm(run, confirming, step.AcceptsOverlap);
                break;
            case StepKind.Join:
                foreach (var person in step.Employees)
                {
                    await product.JoinAsync(code, person);
                    model.Join(run, person);
                }

                break;
            case StepKind.Accept or StepKind.Decline or StepKind.Withdraw when run.Entries.Count > 0:
                var entry = run.Entries.Find(offer => offer.OfferedUntil is not null && step.Pick % 8 != 0) ?? run.Entries[step.Pick % run.Entries.Count];
                var answer = Enum.Parse<WaitingListAnswer>(step.Kind.ToString());
                await product.AnswerAsync(code, entry.Who, answer);
                model.Answer(run, entry, answer);
                break;
            case StepKind.Raise when run.IsPublished:
                model.Raise(run, await product.RaiseAsync(code, 1 + (step.Pick % 2)));
                break;
            case StepKind.Wait:
                clock.Advance(step.Time / 4);
                break;
            case StepKind.Advance:
                clock.Advance(step.Time);
                goto case StepKind.Sweep;
            case StepKind.Sweep:
                await product.SweepAsync();
                model.Sweep();
                break;
            default:
                await ChangeAsync(step, model, product, run);
                break;
        }
    }

    // Mostly a run where the step can do something; sometimes the first best, where it is refused.
    private static ModelRun Meet(Step step, Model model)
    {
        var runs = Enumerable.Range(step.Run, model.Runs.Count).Select(i => model.Runs[i % model.Runs.Count]).ToList();
        return step.Pick % 8 == 0 ? runs[0] : runs.Find(run => step.Kind switch
        {
            StepKind.Confirm => run.SignUps.Count > 0,
            StepKind.Accept or StepKind.Decline => run.Entries.Exists(entry => entry.OfferedUntil is not null),
            StepKind.Withdraw => run.Entries.Count > 0,
            StepKind.Name => run.Bookings.Exists(booking => booking.HeldFor == "name" && booking.Own == Model.OwnPool(step.Employees[0])),
            StepKind.Approve or StepKind.Refuse => run.Bookings.Exists(booking => booking.HeldFor == "approval"),
            StepKind.Substitute or StepKind.Move => run.Bookings.Exists(booking => booking.IsSettled),
            StepKind.HandBack or StepKind.Propose => run.Free[Model.OwnPool(step.Employees[0])] > 0,
            _ => true,
        }) ?? runs[0];
    }

    private static async Task ChangeAsync(Step step, Model model, HistoryDatabase product, ModelRun run)
    {
        var code = run.Run.Code;
        var department = Model.OwnPool(step.Employees[0]);
        var booking = run.Bookings.Count == 0 ? null : Model.Ordered(run)[step.Pick % run.Bookings.Count];
        switch (step.Kind)
        {
            case StepKind.Hold:
                await product.HoldAsync(code, department, 1 + (step.Pick % 2), step.Pick % 5 == 0);
                model.Hold(run, department, 1 + (step.Pick % 2), step.Pick % 5 == 0);
                break;
            case StepKind.Name:
                await product.NameAsync(code, step.Employees, step.AcceptsOverlap);
                model.Name(run, step.Employees, step.AcceptsOverlap);
                break;
            case StepKind.HandBack:
                int? seats = step.Pick % 3 == 0 ? null : step.Pick % 3;
                await product.HandBackAsync(code, department, seats);
                model.HandBack(run, department, seats);
                break;
            case StepKind.Substitute when booking is not null:
                var who = booking.Own == "external" ? step.External : step.Employees[0];
                await product.SubstituteAsync(code, booking, who, step.AcceptsOverlap);
                model.Substitute(run, booking, who, step.AcceptsOverlap);
                break;
            case StepKind.Move when booking is not null:
                var target = model.Runs[step.OtherRun];
                await product.MoveAsync(code, booking, target.Run.Code, step.AcceptsOverlap);
                model.Move(run, booking, target, step.AcceptsOverlap);
                break;
            case StepKind.Approve or StepKind.Refuse when run.Bookings.Find(held => held.HeldFor == "approval") is { } asked:
                await product.DecideAsync(code, asked.Who, step.Kind is StepKind.Approve);
                model.Decide(run, asked, step.Kind is StepKind.Approve);
                break;
            case StepKind.CancelRun when step.Pick % 3 == 0:
                await product.CancelRunAsync(code);
                model.CancelRun(run);
                break;
            case StepKind.Postpone:
                await product.PostponeAsync(code, step.Days);
                model.Postpone(run, step.Days);
                break;
            case StepKind.Propose or StepKind.AcceptSwap or StepKind.DeclineSwap or StepKind.WithdrawSwap:
                await SwapAsync(step, model, product, run);
                break;
        }
    }

    private static async Task SwapAsync(Step step, Model model, HistoryDatabase product, ModelRun run)
    {
        if (step.Kind is StepKind.Propose)
        {
            var from = Model.OwnPool(step.Employees[0]);
            var wanted = step.Pick % 3 == 0 ? null : model.Runs[step.OtherRun];
            var until = wanted is not null && wanted.ReleaseAt < run.ReleaseAt ? wanted.ReleaseAt : run.ReleaseAt;
            var proposal = new ModelSwap(from, from == "a" ? "b" : "a", run, step.Pick % 4 == 0 ? 2 : 1, wanted, wanted is null ? 0 : 1, until);
            await product.ProposeAsync(proposal);
            model.Propose(proposal);
        }
        else if (model.Swaps.Count > 0)
        {
            var number = step.Pick % model.Swaps.Count;
            var swap = model.Swaps[number];
            var (by, answer) = step.Kind switch
            {
                StepKind.AcceptSwap => (swap.To, SwapAnswer.Accept),
                StepKind.DeclineSwap => (swap.To, SwapAnswer.Decline),
                _ => (swap.From, SwapAnswer.Withdraw),
            };
            await product.AnswerSwapAsync(number, by, answer);
            model.AnswerSwap(swap, answer);
        }
    }
}
