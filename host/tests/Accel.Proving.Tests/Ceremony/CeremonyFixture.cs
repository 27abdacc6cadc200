using Accel.Proving.Ceremony;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Ceremony;

/// <summary>One ceremony for many tests: our initial key, then contributions by us, by snarkjs and by us again, then our beacon.</summary>
public sealed class CeremonyFixture : IAsyncLifetime, IDisposable
{
    public const string BeaconText = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    public const int BeaconLog2 = 10;
    public const int Publics = 2;

    private readonly PtauFixture _powers = new();
    private readonly TemporaryFolder _folder = new();

    public CeremonyFixture() => (Circuit, Witness) = SyntheticCircuit.Create(seed: 41, constraints: 50, Publics);

    public static string[] Names { get; } = ["ours", "theirs", "", "beacon"];

    internal SyntheticCircuit Circuit { get; }

    public Fr[] Witness { get; }

    public string Powers => _powers.Prepared;

    public string UnpreparedPowers => _powers.Unprepared;

    public string Constraints => _folder["circuit.r1cs"];

    public string Initial => _folder["0.zkey"];

    /// <summary>The key after the first contribution, ours.</summary>
    public string First => _folder["1.zkey"];

    /// <summary>The key after three contributions.</summary>
    public string Third => _folder["3.zkey"];

    public string Final => _folder["4.zkey"];

    public List<ContributionReceipt> Receipts { get; } = [];

    public async ValueTask InitializeAsync()
    {
        DevelopmentSetupTests.Save(Constraints, stream => R1csFile.Write(stream, Circuit));
        using (PtauFile ptau = PtauFile.Open(Powers))
        using (ProvingKey key = await Groth16Setup.CreateInitialKeyAsync(Circuit, ptau, threads: 2, progress: null, CancellationToken.None))
        {
            DevelopmentSetupTests.Save(Initial, stream => ZkeyFile.Write(stream, key));
        }

        Receipts.Add(await ContributeAsync(Initial, First, Names[0]));
        Snarkjs.Run("zkey", "contribute", First, _folder["2.zkey"], $"--name={Names[1]}", "-e=some entropy");
        Receipts.Add(await ContributeAsync(_folder["2.zkey"], Third, Names[2], [1, 2, 3]));
        Receipts.Add(await BeaconAsync(Third, Final, Names[3]));
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _powers.Dispose();
    }

    public static async Task<ContributionReceipt> ContributeAsync(string input, string output, string name, byte[]? entropy = null)
    {
        await using FileStream stream = File.Create(output);
        return await KeyCeremony.ContributeAsync(input, stream, name, entropy ?? [], threads: 2, progress: null, CancellationToken.None);
    }

    public static async Task<ContributionReceipt> BeaconAsync(string input, string output, string name)
    {
        await using FileStream stream = File.Create(output);
        return await KeyCeremony.BeaconAsync(input, stream, name, Convert.FromHexString(BeaconText), BeaconLog2, threads: 2, progress: null, CancellationToken.None);
    }

    public async Task<CeremonyVerdict> VerifyAsync(ProvingKey key)
    {
        using PtauFile ptau = PtauFile.Open(Powers);
        return await KeyCeremony.VerifyAsync(Circuit, ptau, key, threads: 2, progress: null, TestContext.Current.CancellationToken);
    }
}
