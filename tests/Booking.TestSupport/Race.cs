namespace Booking.TestSupport;

/// <summary>Lets many callers loose at the same instant.</summary>
public static class Race
{
    /// <summary>Runs <paramref name="contender"/> <paramref name="count"/> times at once, each on its own thread, all released together.</summary>
    public static async Task<IReadOnlyList<T>> RunAsync<T>(int count, Func<int, Task<T>> contender)
    {
        using var ready = new CountdownEvent(count);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var contenders = Enumerable.Range(0, count).Select(number => Task.Run(async () =>
        {
            ready.Signal();
            await go.Task;
            return await contender(number);
        })).ToList();
        await Task.Run(ready.Wait);
        go.SetResult();
        return await Task.WhenAll(contenders);
    }

    /// <summary>
    /// A negative control: one of <paramref name="count"/> contenders looks, all the others act at once, and then the one writes
    /// what follows from its look, as a program without a guard does.
    /// </summary>
    public static Task BetweenLookAndWriteAsync<T>(int count, Func<Task<T>> look, Func<int, Task> act, Func<T, Task> write)
    {
        var looked = new MeetingPoint(count);
        var acted = new MeetingPoint(count);
        return RunAsync(count, async i =>
        {
            var seen = i == 0 ? await look() : default;
            await looked.ArriveAsync();
            if (i > 0)
            {
                await act(i - 1);
            }

            await acted.ArriveAsync();
            if (i == 0)
            {
                await write(seen!);
            }

            return true;
        });
    }
}

/// <summary>
/// Where contenders wait for each other: in a negative control, between the look and the change, so that the fault that the
/// guard prevents happens every time and not by luck.
/// </summary>
/// <param name="parties">How many must arrive before anybody goes on.</param>
public sealed class MeetingPoint(int parties)
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = parties;

    /// <summary>Arrives, and goes on with the last one.</summary>
    public Task ArriveAsync()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _all.SetResult();
        }

        return _all.Task;
    }
}
