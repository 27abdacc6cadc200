using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;
using Accel.Proving.Solver;

namespace Accel.Derivatives.Circuits;

/// <summary>How a proof shows its public fields.</summary>
public enum PublicFace
{
    /// <summary>Each field for itself, for a verifier contract, which pays gas by the field.</summary>
    RawFields,

    /// <summary>One public field, their Poseidon hash, for a recursive verifier.</summary>
    OneHash,
}

/// <summary>A statement's public fields as wires, by name, whichever face shows them.</summary>
internal sealed class PublicFields
{
    /// <summary>Most fields of a statement: a verifier contract pays for each.</summary>
    public const int CountMax = 10;

    /// <summary>Name of the public input in either face.</summary>
    public const string PublicName = "public";

    /// <summary>Name of the private fields behind <see cref="PublicFace.OneHash"/>.</summary>
    public const string HiddenName = "public fields";

    private readonly CircuitBuilder _builder;
    private readonly PublicFace _face;
    private readonly IReadOnlyList<string> _names;
    private readonly Linear[] _fields;

    private PublicFields(CircuitBuilder builder, PublicFace face, IReadOnlyList<string> names, Linear[] fields) =>
        (_builder, _face, _names, _fields) = (builder, face, names, fields);

    /// <summary>The field of a name.</summary>
    public Linear this[string name] => _fields[IndexOf(name)];

    /// <summary>Declares the fields; the first thing that a circuit does.</summary>
    /// <param name="builder">The circuit.</param>
    /// <param name="face">How they are shown.</param>
    /// <param name="names">Their names, in order: one to ten, distinct.</param>
    public static PublicFields Define(CircuitBuilder builder, PublicFace face, params IReadOnlyList<string> names)
    {
        if (names.Count is < 1 or > CountMax || names.Distinct().Count() != names.Count)
        {
            throw new ArgumentException($"{names.Count} public fields: expected 1 to {CountMax} distinct names", nameof(names));
        }

        if (face == PublicFace.OneHash)
        {
            Linear hash = builder.PublicInput(PublicName);
            Linear[] hidden = builder.SecretInputs(HiddenName, names.Count);
            builder.AssertEqual(PoseidonGadget.Hash(builder, hidden), hash, "hash of the public fields");
            return new PublicFields(builder, face, names, hidden);
        }

        return new PublicFields(builder, face, names, builder.PublicInputs(PublicName, names.Count));
    }

    /// <summary>
    /// Binds fields that meet no other constraint, such as the domain. A raw public wire outside every constraint could be changed after the
    /// proof was made; the hash binds them in the other face.
    /// </summary>
    public PublicFields Bind(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_face == PublicFace.RawFields)
            {
                _builder.Square(this[name]);
            }
        }

        return this;
    }

    /// <summary>Sets the inputs that <see cref="Define"/> declared.</summary>
    public static void Assign(Assignment assignment, PublicFace face, Fr[] fields)
    {
        assignment.Set(PublicName, Shown(face, fields));
        if (face == PublicFace.OneHash)
        {
            assignment.Set(HiddenName, fields);
        }
    }

    /// <summary>What a verifier sees of the fields.</summary>
    public static Fr[] Shown(PublicFace face, Fr[] fields) => face == PublicFace.OneHash ? [Poseidon.Hash(fields)] : fields;

    private int IndexOf(string name)
    {
        int index = _names.ToList().IndexOf(name);
        return index >= 0
            ? index
            : throw new ArgumentException($"there is no public field '{name}'; there are {string.Join(", ", _names)}", nameof(name));
    }
}
