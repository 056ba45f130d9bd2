using System.Numerics;

namespace Booking.Data.Allotments;

/// <summary>
/// Gives the seats of one run, one after the other. All amounts are whole multiples of 1/unit seat, so that every
/// comparison is exact. A department's <i>entitlement at seat t</i> is what it was entitled to before the run plus t times
/// its weight / all weights; the department's k-th seat falls <i>due</i> at the first t where that reaches k.
/// </summary>
/// <typeparam name="T">A number type wide enough for entitlement times (2 x guaranteed + 1).</typeparam>
internal sealed class SeatSharing<T>
    where T : IBinaryInteger<T>
{
    /// <summary>
    /// How many seats ahead a full seat's delay is looked for. No plan year has more, and accounts start afresh each year.
    /// </summary>
    internal const int Horizon = 1 << 20;

    private const int LargestWindow = 1 << 14;
    private static readonly T s_two = T.One + T.One;

    private readonly DepartmentClaim[] _claims;
    private readonly T _unit;
    private readonly T[] _entitled;
    private readonly T[] _perSeat;
    private readonly T[] _reached;
    private readonly T[] _guaranteed;
    private readonly T[] _divisors;
    private readonly List<SeatAward> _awards = [];
    private int[] _window = new int[64];
    private int _given;

    /// <summary>The first due time known to need every seat until then; stays so until it is passed.</summary>
    private long _tight = long.MaxValue;

    /// <summary>Takes departments with a weight, ordered by code.</summary>
    internal SeatSharing(DepartmentClaim[] claims, BigInteger unit, long totalWeight)
    {
        _claims = claims;
        _unit = T.CreateChecked(unit);
        var perWeight = T.CreateChecked(unit / totalWeight);
        _entitled = [.. claims.Select(claim => T.CreateChecked(claim.Entitled.Numerator * (unit / claim.Entitled.Denominator)))];
        _perSeat = [.. claims.Select(claim => T.CreateChecked(claim.Weight) * perWeight)];
        _guaranteed = [.. claims.Select(claim => T.CreateChecked(claim.GuaranteedSeats))];
        _divisors = [.. _guaranteed.Select(seats => (s_two * seats) + T.One)];
        _reached = [.. _entitled];
    }

    internal SeatAward[] Run(int seats)
    {
        for (var index = 0; index < _claims.Length; index++)
        {
            for (var seat = 0; seat < _claims[index].MinimumSeats; seat++)
            {
                Advance();
                Give(index, AwardReason.Minimum);
            }
        }

        while (_given < seats)
        {
            Advance();
            GiveNext();
        }

        return [.. _awards];
    }

    private void Advance()
    {
        for (var index = 0; index < _reached.Length; index++)
        {
            _reached[index] += _perSeat[index];
        }
    }

    private void GiveNext()
    {
        var (first, second) = FirstTwo();
        var chosen = FirstWithinQuota();
        Give(chosen < 0 ? first : chosen, chosen >= 0 && chosen != first ? AwardReason.Quota : WhyBefore(first, second));
    }

    private void Give(int index, AwardReason reason)
    {
        _given++;
        _awards.Add(new SeatAward
        {
            Number = _given,
            Code = _claims[index].Code,
            Quotient = new Fraction(BigInteger.CreateChecked(_reached[index]), BigInteger.CreateChecked(_unit * _divisors[index])),
            Reason = reason,
        });
        _guaranteed[index] += T.One;
        _divisors[index] += s_two;
    }

    private (int First, int Second) FirstTwo()
    {
        var (first, second) = (0, -1);
        for (var index = 1; index < _claims.Length; index++)
        {
            if (IsBefore(index, first))
            {
                (first, second) = (index, first);
            }
            else if (second < 0 || IsBefore(index, second))
            {
                second = index;
            }
        }

        return (first, second);
    }

    /// <summary>
    /// The first in line that may have the seat without putting anybody a full seat off; -1 when nobody may, which only
    /// a history that no key made (minimums, changes by hand, a changed key) can bring about.
    /// </summary>
    private int FirstWithinQuota()
    {
        if (_tight <= _given)
        {
            _tight = long.MaxValue;
        }

        var chosen = FirstDueBy(_tight);
        if (chosen < 0)
        {
            return chosen;
        }

        var found = FirstTightBefore(DueAt(chosen, T.One));
        if (found == long.MaxValue)
        {
            return chosen;
        }

        _tight = found;
        return FirstDueBy(_tight);
    }

    /// <summary>The first in line among those not yet at their entitlement whose next seat falls due by <paramref name="due"/>.</summary>
    private int FirstDueBy(long due)
    {
        var chosen = -1;
        for (var index = 0; index < _claims.Length; index++)
        {
            if (_guaranteed[index] * _unit < _reached[index]
                && (chosen < 0 || IsBefore(index, chosen))
                && (due == long.MaxValue || DueAt(index, T.One) <= due))
            {
                chosen = index;
            }
        }

        return chosen;
    }

    /// <summary>
    /// Finds the first time before <paramref name="end"/> until which every seat is needed by seats that fall due by then.
    /// A department whose next seat falls due later must not get this seat: it would push somebody a full seat behind.
    /// Checking each such time is enough (unit jobs with release times and deadlines on one machine: the seats released
    /// later can never be too many, because floor - ceiling of the shares of an interval is at most its length). Nothing
    /// can be tight once nobody is ahead of the entitlement, and that ends the search.
    /// </summary>
    private long FirstTightBefore(long end)
    {
        end = Math.Min(Math.Min(end, LastCatchUp()), _given + (long)Horizon);
        long waiting = 0;
        var length = _window.Length;
        for (long from = _given + 1; from < end; from += length, length = Math.Min(length * 4, LargestWindow))
        {
            var to = Math.Min(from + length, end);
            CountDue(from, (int)(to - from));
            for (var time = from; time < to; time++)
            {
                waiting += _window[time - from];
                if (waiting >= time - _given)
                {
                    return time;
                }
            }
        }

        return long.MaxValue;
    }

    private long LastCatchUp()
    {
        long last = 0;
        for (var index = 0; index < _claims.Length; index++)
        {
            if (_guaranteed[index] * _unit > _reached[index])
            {
                last = Math.Max(last, DueAt(index, T.Zero));
            }
        }

        return last;
    }

    /// <summary>Counts into the window how many seats fall due at each of <paramref name="length"/> times.</summary>
    private void CountDue(long from, int length)
    {
        if (_window.Length < length)
        {
            _window = new int[length];
        }

        Array.Clear(_window, 0, length);
        var isFirst = from == _given + 1;
        for (var index = 0; index < _claims.Length; index++)
        {
            var counted = WaitingAt(index, isFirst ? from : from - 1);
            if (isFirst)
            {
                _window[0] += int.CreateSaturating(counted);
            }

            var last = WaitingAt(index, from + length - 1);
            while (counted < last)
            {
                counted += T.One;
                _window[DueAt(index, counted) - from]++;
            }
        }
    }

    /// <summary>How many of the department's next seats fall due by <paramref name="time"/>.</summary>
    private T WaitingAt(int index, long time)
    {
        var due = ((_entitled[index] + (_perSeat[index] * T.CreateChecked(time))) / _unit) - _guaranteed[index];
        return T.Max(T.Zero, due);
    }

    /// <summary>When the department's <paramref name="next"/>-th next seat falls due; 0 when that was before the run.</summary>
    private long DueAt(int index, T next)
    {
        var missing = ((_guaranteed[index] + next) * _unit) - _entitled[index];
        return missing <= T.Zero ? 0 : long.CreateSaturating((missing + _perSeat[index] - T.One) / _perSeat[index]);
    }

    private bool IsBefore(int left, int right)
    {
        var order = (_reached[left] * _divisors[right]).CompareTo(_reached[right] * _divisors[left]);
        if (order == 0)
        {
            order = _guaranteed[right].CompareTo(_guaranteed[left]);
        }

        return order == 0 ? left < right : order > 0;
    }

    private AwardReason WhyBefore(int first, int second)
    {
        if (second < 0 || _reached[first] * _divisors[second] != _reached[second] * _divisors[first])
        {
            return AwardReason.Quotient;
        }

        return _guaranteed[first] == _guaranteed[second] ? AwardReason.Code : AwardReason.FewestGuaranteed;
    }
}
