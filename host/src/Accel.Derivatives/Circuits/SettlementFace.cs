using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits;

/// <summary>How a settlement proof shows its nine public fields.</summary>
public enum SettlementFace
{
    /// <summary>Nine public fields, for a verifier contract.</summary>
    RawFields,

    /// <summary>One public field, their Poseidon hash, for a recursive verifier.</summary>
    OneHash,
}

/// <summary>The nine public fields as wires, whichever face shows them.</summary>
internal sealed class PublicWires
{
    /// <summary>Name of the public input in either face.</summary>
    public const string PublicName = "public";

    /// <summary>Name of the private fields behind <see cref="SettlementFace.OneHash"/>.</summary>
    public const string FieldsName = "public fields";

    private PublicWires(Linear[] fields) => Fields = fields;

    public Linear[] Fields { get; }

    public Linear FirstLeaf => Fields[2];

    public Linear OldRoot => Fields[3];

    public Linear NewRoot => Fields[4];

    public Linear OracleTime => Fields[5];

    public Linear OracleKeyHash => Fields[6];

    public Linear ParameterHash => Fields[7];

    public Linear DiffHash => Fields[8];

    public static PublicWires Define(CircuitBuilder builder, SettlementFace face)
    {
        if (face == SettlementFace.OneHash)
        {
            Linear hash = builder.PublicInput(PublicName);
            Linear[] hidden = builder.SecretInputs(FieldsName, SettlementPublicInputs.Count);
            builder.AssertEqual(PoseidonGadget.Hash(builder, hidden), hash, "hash of the public fields");
            return new PublicWires(hidden);
        }

        Linear[] fields = builder.PublicInputs(PublicName, SettlementPublicInputs.Count);

        // Domain and batch number meet no other constraint. A public wire outside every constraint could be changed after the proof was made.
        builder.Square(fields[0]);
        builder.Square(fields[1]);
        return new PublicWires(fields);
    }
}
