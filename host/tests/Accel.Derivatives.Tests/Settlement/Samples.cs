using Accel.Derivatives.Market;
using Accel.Derivatives.Settlement;
using Accel.Testing;

namespace Accel.Derivatives.Tests.Settlement;

/// <summary>The bundled market and book.</summary>
internal static class Samples
{
    public static EdDsaPrivateKey OracleKey { get; } = Book.DevelopmentKey("test/oracle");

    public static MarketSnapshot Market => DeribitSnapshotReader.ReadFile(Path.Combine(OutsideData.RepositoryRoot, "host/samples/market-btc.csv"), "BTC");

    public static Book Book => BookFile.ReadFile(Path.Combine(OutsideData.RepositoryRoot, "host/samples/book-btc.json"));

    public static SettlementOptions Options => new() { OracleKey = OracleKey, Domain = 77, BatchNumber = 3 };
}
