namespace Accel.Cli;

/// <summary>What proofs are bound to unless another chain is named: a local development chain.</summary>
internal static class LocalChain
{
    /// <summary>Chain identity of local development chains.</summary>
    public const ulong Id = 31337;

    /// <summary>
    /// The second contract that the first account of a fresh local chain deploys: where `accel submit` puts the settlement contract.
    /// </summary>
    public const string Contract = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512";
}
