using Accel.Compute;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;

namespace Accel.Cli;

/// <summary>Proves a statement with the stored key of its circuit, on one backend. The circuit stays its owner's.</summary>
internal sealed class StatementProver : IAsyncDisposable
{
    private readonly CompiledCircuit _circuit;
    private readonly ProverOptions _options;

    private StatementProver(CompiledCircuit circuit, ProvingKey key, IComputeBackend backend, ProverOptions options) =>
        (_circuit, Key, Backend, _options) = (circuit, key, backend, options);

    public ProvingKey Key { get; }

    public IComputeBackend Backend { get; }

    /// <summary>Takes the key from the store, where a one-party set-up makes it when there is none, and says so.</summary>
    public static async Task<StatementProver> OpenAsync(
        ArtifactStore store, CompiledCircuit circuit, string backend, int threads, Reporter reporter, CancellationToken cancel)
    {
        ProvingKey key = await store.KeyAsync(circuit, threads, reporter, cancel);
        try
        {
            if (key.IsForDevelopment)
            {
                Reporter.Warn("the proving key was made by one party: for development, not safe for value");
            }

            IComputeBackend opened = await Backends.Catalog.OpenAsync(backend, threads, cancel);
            return new StatementProver(circuit, key, opened, new ProverOptions { ThreadCount = threads });
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public Task<ProofResult> ProveAsync(string title, Assignment assignment, Reporter reporter, CancellationToken cancel) =>
        reporter.StepAsync(
            title, progress => Groth16Prover.ProveAsync(Key, _circuit, assignment, Backend, _options, new PhaseRelay(progress), cancel));

    public async ValueTask DisposeAsync()
    {
        await Backend.DisposeAsync();
        Key.Dispose();
    }

    private sealed class PhaseRelay(IProgress<string> progress) : IProgress<ProofPhase>
    {
        public void Report(ProofPhase value) => progress.Report(value.ToString());
    }
}
