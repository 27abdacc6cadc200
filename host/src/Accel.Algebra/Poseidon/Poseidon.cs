namespace Accel.Algebra;

/// <summary>The Poseidon hash over Fr with circomlib's parameters (Grassi et al., eprint 2019/458): the state is one capacity element, then the inputs; the result is element 0 after the permutation.</summary>
public static class Poseidon
{
    /// <summary>The most inputs that one call takes.</summary>
    public const int InputsMax = PoseidonParameters.WidthMax - 1;

    /// <summary>Hashes 1 to 16 field elements with a zero capacity element. Different numbers of inputs are different functions.</summary>
    /// <exception cref="ArgumentException">There are no inputs, or more than sixteen.</exception>
    public static Fr Hash(params ReadOnlySpan<Fr> inputs)
    {
        if (inputs.Length is 0 or > InputsMax)
        {
            throw new ArgumentException($"Poseidon takes 1 to {InputsMax} inputs, not {inputs.Length}", nameof(inputs));
        }

        Span<Fr> state = stackalloc Fr[PoseidonParameters.WidthMax];
        state = state[..(inputs.Length + 1)];
        state[0] = Fr.Zero;
        inputs.CopyTo(state[1..]);
        Permute(state);
        return state[0];
    }

    /// <summary>Applies the permutation in place; a sponge with another capacity element or more outputs starts here.</summary>
    /// <param name="state">2 to 17 elements, capacity first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no parameters of this width.</exception>
    public static void Permute(Span<Fr> state) => Parameters(state.Length).Schedule.Permute(state);

    /// <summary>The constants of one width, for circuits that repeat the permutation.</summary>
    /// <param name="width">t = inputs + 1, 2 to 17.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no parameters of this width.</exception>
    public static PoseidonParameters Parameters(int width) => PoseidonParameters.ForWidth(width);
}
