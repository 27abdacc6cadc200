namespace Accel.Derivatives;

/// <summary>
/// A hash of a fixed-length list: h ← Poseidon(h, 15 elements), from h = 0, the last block padded with zeros. Lists of another length than
/// a statement's shape fixes never meet, so the length is not absorbed.
/// </summary>
public static class FieldSponge
{
    /// <summary>Elements absorbed by one call of the permutation.</summary>
    public const int Rate = Poseidon.InputsMax - 1;

    /// <summary>The chained hash of <paramref name="elements"/>; zero for an empty list.</summary>
    public static Fr Hash(ReadOnlySpan<Fr> elements)
    {
        Fr state = Fr.Zero;
        Span<Fr> block = stackalloc Fr[Poseidon.InputsMax];
        for (int start = 0; start < elements.Length; start += Rate)
        {
            block.Clear();
            block[0] = state;
            elements[start..Math.Min(start + Rate, elements.Length)].CopyTo(block[1..]);
            state = Poseidon.Hash(block);
        }

        return state;
    }
}
