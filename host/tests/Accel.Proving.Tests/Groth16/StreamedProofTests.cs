using Accel.Compute;
using Accel.Device;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>Proofs that begin while their witness is still solved, on the simulated card; and on the CPU, which takes it whole.</summary>
[Trait("speed", "slow")]
public sealed class StreamedProofTests : IAsyncLifetime
{
    private const int InputCount = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Fr Secret = -(Fr)0x0123456789abcdef;
    private static readonly ProverOptions SmallChunks = new() { ChunkWires = 16 };

    private readonly CompiledCircuit _circuit = CompiledCircuit.Compile(new GatedCircuit());
    private ProvingKey _key = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _key = await Groth16Setup.CreateDevelopmentKeyAsync(_circuit, threads: 2, progress: null, Cancel);

    public ValueTask DisposeAsync()
    {
        _key.Dispose();
        _circuit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Wires_cross_the_link_before_the_solver_has_ended()
    {
        (WatchedTransport link, FpgaBackend card) = await OpenCardAsync();
        await using (card)
        {
            // The last hint returns only when a wire has arrived in the card's memory.
            GateHint.Pass = () => Assert.True(link.Seen.Wait(Patience, Cancel), "no wire crossed the link while the solver ran");
            ProofResult result = await Groth16Prover.ProveAsync(_key, _circuit, Inputs(), card, SmallChunks, progress: null, Cancel);
            Assert.True(result.Timings.Has(ProofPhase.Solve));
            Assert.Equal(32L * _circuit.WireCount, result.Transfer!.Bytes);
            Assert.InRange(result.Transfer.BytesSentWhileSolving, 16 * 32, result.Transfer.Bytes);
        }
    }

    [Theory]
    [InlineData(CpuBackend.Kind)]
    [InlineData(SimTransport.Kind)]
    public async Task A_proof_is_the_same_whether_or_not_it_began_before_its_witness_was_whole(string kind)
    {
        GateHint.Pass = () => { };
        await using IComputeBackend backend = kind == CpuBackend.Kind ? new CpuBackend() : (await OpenCardAsync()).Card;
        await using CpuBackend cpu = new();
        Blinding blinding = new(3, 5);
        await using ProofEngine reference = await ProofEngine.LoadAsync(_key, cpu, isForOneProof: false, Cancel);
        using ProofWorkspace workspace = reference.CreateWorkspace();
        ProofResult expected = await reference.ProveAsync(reference.Solve(_circuit, Inputs(), threads: 1, Cancel), blinding, workspace, SmallChunks, progress: null, Cancel);
        foreach (bool isForOneProof in new[] { true, false })
        {
            await using ProofEngine engine = await ProofEngine.LoadAsync(_key, backend, isForOneProof, Cancel);
            ProofResult streamed = await engine.ProveAsync(_circuit, Inputs(), blinding, workspace, SmallChunks, progress: null, Cancel);
            Assert.Equal(expected.Proof, streamed.Proof);
            Assert.Equal(expected.PublicInputs.ToArray(), streamed.PublicInputs.ToArray());
            Assert.Equal(kind != CpuBackend.Kind, streamed.Transfer is not null);
        }
    }

    [Fact]
    public async Task Challenges_are_drawn_on_the_card_before_products_wait_for_wires_there()
    {
        CommittingCircuit definition = new();
        using CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(circuit, threads: 2, progress: null, Cancel);
        (_, FpgaBackend card) = await OpenCardAsync();
        await using (card)
        {
            ProofResult result = await Groth16Prover.ProveAsync(key, circuit, definition.Assign(circuit), card, SmallChunks with { ChunkWires = 2 }, progress: null, Cancel);
            Assert.Equal(3, result.Proof.Commitments!.Points.Length);
            Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(key), result.PublicInputs.Span, result.Proof));
        }
    }

    [Fact]
    public async Task What_ends_the_solver_ends_the_proof_and_the_next_one_is_made()
    {
        (WatchedTransport link, FpgaBackend card) = await OpenCardAsync();
        await using (card)
        {
            await using ProvingService service = await ProvingService.StartAsync(_key, card, new ProvingServiceOptions { Prover = SmallChunks }, Cancel);

            // Each time wires have crossed already.
            void AwaitWires()
            {
                Assert.True(link.Seen.Wait(Patience, Cancel), "no wire crossed the link while the solver ran");
                link.Seen.Reset();
            }

            GateHint.Pass = () =>
            {
                AwaitWires();
                throw new InvalidOperationException("the hint has no answer");
            };
            InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => service.ProveAsync(_circuit, Inputs(), progress: null, Cancel));
            Assert.Equal("the hint has no answer", thrown.Message);

            GateHint.Pass = AwaitWires;
            UnsatisfiedConstraintException violated = await Assert.ThrowsAsync<UnsatisfiedConstraintException>(
                () => service.ProveAsync(_circuit, Inputs().Set("last", 3), progress: null, Cancel));
            Assert.Equal("last", violated.Violation.Name);

            using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            GateHint.Pass = () =>
            {
                AwaitWires();
                source.Cancel();
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.ProveAsync(_circuit, Inputs(), progress: null, source.Token));

            GateHint.Pass = () => { };
            ProofResult result = await service.ProveAsync(_circuit, Inputs(), progress: null, Cancel);
            Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(_key), result.PublicInputs.Span, result.Proof));
        }
    }

    [Fact]
    public async Task A_link_that_breaks_ends_the_solver_with_the_devices_error()
    {
        (WatchedTransport link, FpgaBackend card) = await OpenCardAsync();
        await using (card)
        {
            await using ProvingService service = await ProvingService.StartAsync(_key, card, new ProvingServiceOptions { Prover = SmallChunks }, Cancel);
            link.Fails = true;
            GateHint.Pass = () => { };
            DeviceException broken = await Assert.ThrowsAsync<DeviceException>(() => service.ProveAsync(_circuit, Inputs(), progress: null, Cancel));
            Assert.Contains("the link broke", broken.Message, StringComparison.Ordinal);

            link.Fails = false;
            ProofResult result = await service.ProveAsync(_circuit, Inputs(), progress: null, Cancel);
            Assert.True(Groth16Verifier.Verify(VerificationKey.FromProvingKey(_key), result.PublicInputs.Span, result.Proof));
        }
    }

    private static async Task<(WatchedTransport Link, FpgaBackend Card)> OpenCardAsync()
    {
        Assert.SkipUnless(SimTransport.IsBuilt(), "the simulated card is not built: run `make sim`");
        WatchedTransport link = new(new SimTransport(), Secret);
        return (link, await FpgaBackend.OpenAsync(link, new FpgaBackendOptions { Threads = 2, ChunkScalars = 64 }, Cancel));
    }

    private Assignment Inputs() =>
        new Assignment(_circuit).Set("sum", Secret + InputCount - 1).Set("x", [Secret, .. Enumerable.Repeat(Fr.One, InputCount - 1)]).Set("last", 2);

    /// <summary>Some squares, then a hint whose answer is one less than an input.</summary>
    private sealed class GatedCircuit : ICircuit
    {
        public string Name => "Gated";

        public void Define(CircuitBuilder builder)
        {
            Linear sum = builder.PublicInput("sum");
            Linear[] x = builder.SecretInputs("x", InputCount);
            Linear last = builder.SecretInput("last");
            builder.AssertEqual(Linear.Sum(x), sum, "sum");
            Linear product = Linear.One;
            foreach (Linear value in x)
            {
                product = builder.Multiply(product + value, value);
            }

            builder.AssertEqual(builder.Hint<GateHint>([product], 1)[0] + Linear.One, last, "last");
        }
    }

    /// <summary>Answers one, after whatever the test wants to happen before.</summary>
    private readonly struct GateHint : IHint
    {
        public static Action Pass { get; set; } = () => { };

        public static string Name => "test gate";

        public static void Compute(ReadOnlySpan<Fr> inputs, Span<Fr> outputs)
        {
            Pass();
            outputs[0] = Fr.One;
        }
    }
}
