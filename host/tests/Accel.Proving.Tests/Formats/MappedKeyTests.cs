using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Accel.Proving.Tests.Formats;

/// <summary>A key is used where it lies in its file: at any alignment, for as long as a service needs it, and not once it was shortened.</summary>
public sealed class MappedKeyTests
{
    private const string Name = "arianee-ownershipVerifier";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly Fr[] _witness = WitnessFile.Read(Name, RealKeys.WitnessBytes(Name));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(63)]
    public async Task A_key_proves_from_any_address(int offset)
    {
        byte[] bytes = RealKeys.Bytes(Name, "circuit.zkey");
        byte[] shifted = GC.AllocateUninitializedArray<byte>(bytes.Length + offset, pinned: true);
        bytes.CopyTo(shifted, offset);
        using ProvingKey key = ZkeyFile.Read(Name, shifted.AsMemory(offset));
        await using CpuBackend backend = new();

        ProofResult result = await Groth16Prover.ProveAsync(key, _witness, backend, options: null, progress: null, Cancel);

        Assert.Equal(PublicJson.Read(RealKeys.File(Name, "public.json")), result.PublicInputs.ToArray());
    }

    [Fact]
    public async Task A_service_outlives_the_disposal_of_its_key()
    {
        ProvingKey key = ZkeyFile.Read(RealKeys.File(Name, "circuit.zkey"));
        await using CpuBackend backend = new();
        ProvingService service = await ProvingService.StartAsync(key, backend, options: null, Cancel);

        key.Dispose();
        ProofResult result = await service.ProveAsync(_witness, progress: null, Cancel);
        await service.DisposeAsync();

        Assert.Equal(_witness[1], result.PublicInputs.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => key.Points.A.Span[0]);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ProvingService.StartAsync(key, backend, options: null, Cancel));
    }

    [Fact]
    public async Task Proofs_that_release_the_keys_pages_do_not_disturb_each_other()
    {
        using ProvingKey key = ZkeyFile.Read(RealKeys.File(Name, "circuit.zkey"));
        await using CpuBackend backend = new();
        await using ProvingService service = await ProvingService.StartAsync(key, backend, options: null, Cancel);
        Task<ProofResult>[] proofs =
        [
            .. Enumerable.Range(0, 6).Select(_ => Task.Run(() => Groth16Prover.ProveAsync(key, _witness, backend, options: null, progress: null, Cancel))),
            .. Enumerable.Range(0, 4).Select(_ => Task.Run(() => service.ProveAsync(_witness, progress: null, Cancel))),
        ];

        VerificationKey verification = VerificationKey.FromProvingKey(key);
        Assert.All(await Task.WhenAll(proofs), proof => Assert.True(Groth16Verifier.Verify(verification, proof.PublicInputs.Span, proof.Proof)));
    }

    [Fact]
    public async Task A_key_that_was_shortened_while_it_was_open_is_refused()
    {
        using TemporaryFolder folder = new();
        string path = folder["circuit.zkey"];
        File.WriteAllBytes(path, RealKeys.Bytes(Name, "circuit.zkey"));
        using ProvingKey key = ZkeyFile.Read(path);
        await using CpuBackend backend = new();
        await using ProvingService service = await ProvingService.StartAsync(key, backend, options: null, Cancel);
        Assert.Throws<IOException>(() => File.OpenWrite(path));

        using (SafeFileHandle other = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(other, 100_000);
        }

        InvalidFileException exception = await Assert.ThrowsAsync<InvalidFileException>(() => service.ProveAsync(_witness, progress: null, Cancel));
        Assert.Equal("circuit.zkey: the file was shortened from 176,696 to 100,000 bytes while it was in use", exception.Message);
    }
}
