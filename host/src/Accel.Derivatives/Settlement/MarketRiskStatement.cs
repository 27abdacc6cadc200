using Accel.Derivatives.Margin;
using Accel.Derivatives.Oracle;

namespace Accel.Derivatives.Settlement;

/// <summary>What is to be priced.</summary>
/// <param name="Snapshot">The signed market; its shape's instruments and expiries are the statement's.</param>
/// <param name="Parameters">Margin parameters: shocks, volatility rule, discounts.</param>
/// <param name="Domain">Chain and contract.</param>
public sealed record MarketRiskBatch(SignedSnapshot Snapshot, MarginParameters Parameters, Fr Domain);

/// <summary>What a market-risk proof says in public.</summary>
/// <param name="Domain">Chain and contract that the proof is for; chosen by the verifier, bound by the proof.</param>
/// <param name="OracleTime">Unix second of the snapshot.</param>
/// <param name="OracleKeyHash"><c>Poseidon(Ax, Ay)</c> of the oracle.</param>
/// <param name="ParameterHash">Hash of the margin parameters.</param>
/// <param name="RiskRoot">The <see cref="RiskMatrix"/> that the snapshot gives under the parameters.</param>
public sealed record MarketRiskPublicInputs(Fr Domain, long OracleTime, Fr OracleKeyHash, Fr ParameterHash, Fr RiskRoot)
{
    /// <summary>Number of raw public fields.</summary>
    public const int Count = 5;

    /// <summary>Names of the fields, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["domain", "oracle time", "oracle key hash", "parameter hash", "risk root"];

    /// <summary>The fields in order of declaration.</summary>
    public Fr[] ToFields() => [Domain, OracleTime, OracleKeyHash, ParameterHash, RiskRoot];

    /// <summary>The single field of the other face: <c>Poseidon</c> of the five.</summary>
    public Fr Hash() => Poseidon.Hash(ToFields());
}

/// <summary>A priced market with its commitment.</summary>
/// <param name="Batch">What was priced.</param>
/// <param name="Matrix">Rows, Greeks and discounts with their commitment.</param>
/// <param name="PublicInputs">What a proof says in public.</param>
public sealed record MarketRiskResult(MarketRiskBatch Batch, RiskMatrix Matrix, MarketRiskPublicInputs PublicInputs);

/// <summary>The market-risk statement in plain C#: what the circuit proves, bit for bit.</summary>
public static class MarketRiskReference
{
    /// <summary>Prices a signed snapshot and commits to the rows.</summary>
    /// <exception cref="SettlementException">The snapshot's signature is not its oracle's, or it has more instruments or expiries than a matrix holds.</exception>
    public static MarketRiskResult Compute(MarketRiskBatch batch)
    {
        SignedSnapshot signed = batch.Snapshot;
        signed.Shape.Validate();
        batch.Parameters.Validate();
        if (!signed.IsValid)
        {
            throw new SettlementException("the snapshot's signature is not its oracle's");
        }

        RiskMatrix matrix = RiskMatrix.Compute(signed.Snapshot, batch.Parameters);
        return new MarketRiskResult(
            batch, matrix, new MarketRiskPublicInputs(batch.Domain, signed.Snapshot.Time, signed.KeyHash, batch.Parameters.Hash(), matrix.Root));
    }
}
