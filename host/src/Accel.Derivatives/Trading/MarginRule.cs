using System.Numerics;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>Who may trade: initial margin is met, or it is no lower than before.</summary>
internal static class MarginRule
{
    /// <summary>Holds an account that changed to the rule, and notes how it meets it.</summary>
    /// <exception cref="SettlementException">It does not, or the account is outside the statement.</exception>
    public static OpenedAccount Hold(RiskMatrix risk, int positionsMax, OpenedAccount opened)
    {
        RequireInStatement(positionsMax, opened);
        ScenarioMargin before = ScenarioMargin.Of(risk, opened.Leaf, opened.Before.Positions);
        BigInteger after = Initial(risk, opened.Leaf, opened.After);
        return IsAllowed(before.Exact(opened.Before.Cash, risk.InitialFactor), after)
            ? opened with { ScenarioBefore = before.WorstScenario, IsInitialMet = after.Sign >= 0 }
            : throw new SettlementException($"leaf {opened.Leaf} would be below initial margin, and further than before");
    }

    /// <summary>Whether an account may become another by the rule.</summary>
    /// <exception cref="SettlementException">A position is not priced, has expired, or leaves the margin's domain.</exception>
    public static bool IsMet(RiskMatrix risk, int leaf, Account before, Account after) =>
        IsAllowed(Initial(risk, leaf, before), Initial(risk, leaf, after));

    private static bool IsAllowed(BigInteger before, BigInteger after) => after.Sign >= 0 || after >= before;

    private static BigInteger Initial(RiskMatrix risk, int leaf, Account account) =>
        ScenarioMargin.Of(risk, leaf, account.Positions).Exact(account.Cash, risk.InitialFactor);

    /// <exception cref="SettlementException">The account holds a perpetual, or more positions than the shape allows.</exception>
    public static void RequireInStatement(int positionsMax, OpenedAccount opened)
    {
        if (Math.Max(opened.Before.Positions.Count, opened.After.Positions.Count) > positionsMax)
        {
            throw new SettlementException($"leaf {opened.Leaf} holds more positions than the shape allows, {positionsMax}");
        }

        if (!opened.After.Perpetual.IsZero)
        {
            throw new SettlementException($"leaf {opened.Leaf} holds a perpetual, which this statement does not margin");
        }
    }
}
