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
            // Only the padding is cleared: .NET 10.0.12 drops a clear of the whole block when a store of an element to its start follows.
            ReadOnlySpan<Fr> absorbed = elements[start..Math.Min(start + Rate, elements.Length)];
            block[0] = state;
            absorbed.CopyTo(block[1..]);
            block[(1 + absorbed.Length)..].Clear();
            state = Poseidon.Hash(block);
        }

        return state;
    }
}
