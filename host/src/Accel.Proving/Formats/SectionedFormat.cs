namespace Accel.Proving.Formats;

/// <summary>What distinguishes one of iden3's binary formats: four bytes of magic, a version, and which sections there may and must be.</summary>
/// <param name="Magic">Four ASCII letters at the start of the file, such as <c>zkey</c>.</param>
/// <param name="Version">The one version that is understood.</param>
/// <param name="RequiredSections">Identifiers of sections without which the file is refused.</param>
/// <param name="OptionalSections">Identifiers of sections that may be there too; any other is refused.</param>
internal sealed record SectionedFormat(string Magic, uint Version, IReadOnlyList<int> RequiredSections, IReadOnlyList<int> OptionalSections)
{
    /// <summary>A constraint system: header 1, constraints 2, wire-to-label map 3, custom gates 4 and 5 (which must be empty).</summary>
    public static SectionedFormat R1cs { get; } = new("r1cs", 1, [1, 2, 3], [4, 5]);

    /// <summary>A witness: header 1, values 2.</summary>
    public static SectionedFormat Witness { get; } = new("wtns", 2, [1, 2], []);

    /// <summary>A Groth16 proving key: sections 1 to 10, and 11 for a circuit with commitments, which snarkjs does not know.</summary>
    public static SectionedFormat Zkey { get; } = new("zkey", 1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [ZkeyCommitments.Section]);

    /// <summary>A powers-of-tau transcript: sections 1 to 7, and 12 to 15 once it is prepared for phase 2.</summary>
    public static SectionedFormat Ptau { get; } = new("ptau", 1, [1, 2, 3, 4, 5, 6, 7], [12, 13, 14, 15]);
}
