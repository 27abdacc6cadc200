using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Groth16;

/// <summary>A small powers-of-tau transcript that snarkjs made: power 7, one contribution, one beacon, prepared for phase 2.</summary>
public sealed class PtauFixture : IDisposable
{
    public const int Power = 7;

    private readonly TemporaryFolder _folder = new();

    public PtauFixture()
    {
        Snarkjs.Run("powersoftau", "new", "bn128", $"{Power}", _folder["0.ptau"]);
        Snarkjs.Run("powersoftau", "contribute", _folder["0.ptau"], _folder["1.ptau"], "--name=first", "-e=some entropy");
        Snarkjs.Run("powersoftau", "beacon", _folder["1.ptau"], Unprepared, "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "10", "-n=last");
        Snarkjs.Run("powersoftau", "prepare", "phase2", Unprepared, Prepared);
    }

    public string Unprepared => _folder["unprepared.ptau"];

    public string Prepared => _folder["prepared.ptau"];

    public void Dispose() => _folder.Dispose();
}

/// <summary>The tests that share one transcript.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPtau : ICollectionFixture<PtauFixture>
{
    public const string Name = "powers of tau";
}
