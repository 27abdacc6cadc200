using System.Numerics;
using Accel.Derivatives.Settlement;

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
        BigInteger after = ScenarioMargin.Of(risk, opened.Leaf, opened.After.Positions).Exact(opened.After.Cash, risk.InitialFactor);
        return after.Sign >= 0 || after >= before.Exact(opened.Before.Cash, risk.InitialFactor)
            ? opened with { ScenarioBefore = before.WorstScenario, IsInitialMet = after.Sign >= 0 }
            : throw new SettlementException($"leaf {opened.Leaf} would be below initial margin, and further than before");
    }

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
