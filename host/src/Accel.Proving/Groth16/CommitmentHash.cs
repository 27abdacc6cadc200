namespace Accel.Proving.Groth16;

/// <summary>The hash that draws a key's challenges. Values are stored in files.</summary>
public enum CommitmentHash : uint
{
    /// <summary>Keccak-256, which is cheap on the EVM; each challenge is reduced from 512 bits, so that its bias is below 2⁻²⁵⁶.</summary>
    Keccak256 = 1,

    /// <summary>Poseidon over Fr, which is cheap within a circuit, for keys whose proofs a recursive circuit verifies.</summary>
    Poseidon = 2,
}
