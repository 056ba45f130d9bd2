using System.Globalization;
using System.Numerics;
using Dapper;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>What each department was due and was given so far in a plan year.</summary>
public sealed class SeatAccountRepository
{
    /// <summary>Locks a plan year's accounts, making missing ones, and reads them with the year's key.</summary>
    /// <remarks>
    /// Everybody who shares seats of the year waits here for the one before: the carry of a run is what the runs
    /// published before it left. All take the rows in code order, so nobody waits in a circle.
    /// </remarks>
    internal async Task<SeatAccounts> LockAsync(NpgsqlTransaction transaction, int planYear, CancellationToken cancellationToken)
    {
        await InsertMissingAsync(transaction, planYear, cancellationToken);
        var rows = await transaction.Connection!.QueryAsync<AccountRow>(new CommandDefinition(
            """
            select departments.department_id, departments.code, distribution_keys.weight, distribution_keys.minimum_seats,
                seat_accounts.entitled_numerator::text, seat_accounts.entitled_denominator::text, seat_accounts.guaranteed_seats
            from seat_accounts
            join distribution_keys using (plan_year, department_id)
            join departments using (department_id)
            where plan_year = @planYear
            order by departments.code collate "C"
            for update of seat_accounts
            """,
            new { planYear },
            transaction,
            cancellationToken: cancellationToken));
        return new SeatAccounts(planYear, rows.Select(row => (row.DepartmentId, row.ToClaim())));
    }

    /// <summary>Writes locked accounts back.</summary>
    internal async Task UpdateAsync(NpgsqlTransaction transaction, SeatAccounts accounts, CancellationToken cancellationToken)
    {
        var claims = accounts.Claims;
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update seat_accounts
            set entitled_numerator = account.numerator, entitled_denominator = account.denominator,
                guaranteed_seats = account.guaranteed
            from unnest(@DepartmentIds, @Numerators::numeric[], @Denominators::numeric[], @Guaranteed)
                as account (department_id, numerator, denominator, guaranteed)
            where seat_accounts.plan_year = @PlanYear and seat_accounts.department_id = account.department_id
            """,
            new
            {
                accounts.PlanYear,
                DepartmentIds = claims.Select(claim => accounts.DepartmentId(claim.Code)).ToArray(),
                Numerators = claims.Select(claim => claim.Entitled.Numerator.ToString(CultureInfo.InvariantCulture)).ToArray(),
                Denominators = claims.Select(claim => claim.Entitled.Denominator.ToString(CultureInfo.InvariantCulture)).ToArray(),
                Guaranteed = claims.Select(claim => claim.GuaranteedSeats).ToArray(),
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    private static async Task InsertMissingAsync(NpgsqlTransaction transaction, int planYear, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into seat_accounts (plan_year, department_id)
            select plan_year, department_id
            from distribution_keys
            join departments using (department_id)
            where plan_year = @planYear
            order by departments.code collate "C"
            on conflict do nothing
            """,
            new { planYear },
            transaction,
            cancellationToken: cancellationToken));
    }

    private sealed record AccountRow
    {
        public required long DepartmentId { get; init; }

        public required string Code { get; init; }

        public required int Weight { get; init; }

        public required int MinimumSeats { get; init; }

        // As text: the driver's decimal ends at 28 digits, an exact fraction does not.
        public required string EntitledNumerator { get; init; }

        public required string EntitledDenominator { get; init; }

        public required int GuaranteedSeats { get; init; }

        public DepartmentClaim ToClaim() => new()
        {
            Code = Code,
            Weight = Weight,
            MinimumSeats = MinimumSeats,
            Entitled = new Fraction(
                BigInteger.Parse(EntitledNumerator, CultureInfo.InvariantCulture),
                BigInteger.Parse(EntitledDenominator, CultureInfo.InvariantCulture)),
            GuaranteedSeats = GuaranteedSeats,
        };
    }
}

/// <summary>A plan year's accounts while they are locked: each sharing starts from what the one before left.</summary>
internal sealed class SeatAccounts
{
    private readonly Dictionary<string, long> _departmentIds;

    internal SeatAccounts(int planYear, IEnumerable<(long DepartmentId, DepartmentClaim Claim)> departments)
    {
        var rows = departments.ToList();
        PlanYear = planYear;
        Claims = [.. rows.Select(row => row.Claim)];
        _departmentIds = rows.ToDictionary(row => row.Claim.Code, row => row.DepartmentId);
    }

    internal int PlanYear { get; }

    internal IReadOnlyList<DepartmentClaim> Claims { get; private set; }

    internal long DepartmentId(string code) => _departmentIds[code];

    /// <summary>Shares a new run's seats; a refusal leaves the accounts as they were.</summary>
    internal ApportionmentResult Share(int seats) => Keep(Apportionment.Share(Claims, seats));

    /// <summary>Shares seats added to a published run.</summary>
    internal ApportionmentResult ShareAdded(int seats) => Keep(Apportionment.ShareAddedSeats(Claims, seats));

    private ApportionmentResult Keep(ApportionmentResult result)
    {
        if (result.Outcome == ApportionmentOutcome.Shared)
        {
            var after = result.Departments.ToDictionary(share => share.Code);
            Claims = [.. Claims.Select(claim => claim with
            {
                Entitled = after[claim.Code].EntitledAfter,
                GuaranteedSeats = after[claim.Code].GuaranteedAfter,
            })];
        }

        return result;
    }
}
