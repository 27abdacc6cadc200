using System.Globalization;
using System.Text.Json;
using Accel.Derivatives.Margin;
using Accel.Derivatives.Market;
using Accel.Derivatives.Oracle;
using Accel.Derivatives.Settlement;
using Accel.Derivatives.State;

namespace Accel.Derivatives.Trading;

/// <summary>
/// A trade batch as JSON, whole: the oracle's snapshot, the state before, the signed orders and what a proof will say in public. Who has the file
/// needs nothing else to book the batch again and to build the circuit's inputs. Amounts are decimal strings, exact in their units; field
/// elements are decimal strings; a signature is 128 hexadecimal digits. Unknown, missing or repeated members are refused.
/// </summary>
public static class TradeBatchFile
{
    /// <summary>What the member <c>format</c> says.</summary>
    public const string Format = "accel-trade-batch-1";

    private static readonly JsonDocumentOptions ReadOptions = new() { AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions WriteOptions = new() { Indented = true };

    /// <summary>Writes a booked batch.</summary>
    /// <param name="stream">Receives UTF-8.</param>
    /// <param name="origin">Where the trades come from, for people; not empty.</param>
    /// <param name="snapshot">What the batch's risk matrix was computed from, with the published margin parameters.</param>
    /// <param name="result">The booked batch.</param>
    /// <exception cref="ArgumentException">The snapshot is not that of the batch's risk matrix.</exception>
    public static void Write(Stream stream, string origin, OracleSnapshot snapshot, TradeBatchResult result)
    {
        TradeBatch batch = result.Batch;
        if (RiskMatrix.Compute(snapshot, MarginParameters.Published).Root != batch.Risk.Root)
        {
            throw new ArgumentException("the batch's risk matrix is not that of the snapshot under the published margin parameters", nameof(snapshot));
        }

        var writer = new Writer(new Utf8JsonWriter(stream, WriteOptions), snapshot);
        writer.Batch(origin, result);
    }

    /// <summary>Reads a file and books its batch again.</summary>
    /// <exception cref="MarketFormatException">The file is no trade batch, or its public inputs are not those of its trades.</exception>
    /// <exception cref="SettlementException">A trade breaks a rule.</exception>
    public static TradeBatchResult ReadFile(string path) => Read(File.ReadAllText(path), Path.GetFileName(path));

    /// <summary>Reads JSON text and books its batch again.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Name of the source, for messages.</param>
    /// <exception cref="MarketFormatException">The text is no trade batch, or its public inputs are not those of its trades.</exception>
    /// <exception cref="SettlementException">A trade breaks a rule.</exception>
    public static TradeBatchResult Read(string json, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, ReadOptions);
            return new Reader(new JsonNodeAt(document.RootElement, source, "$")).Batch();
        }
        catch (JsonException error)
        {
            throw new MarketFormatException(
                $"{source}: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: not JSON; expected a trade batch of `accel venue replay`",
                error);
        }
    }

    private sealed class Writer(Utf8JsonWriter json, OracleSnapshot snapshot)
    {
        private readonly Dictionary<Fr, string> _names = snapshot.Instruments.ToDictionary(i => i.Instrument.Id, i => i.Instrument.Name);

        public void Batch(string origin, TradeBatchResult result)
        {
            TradeBatch batch = result.Batch;
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("origin", origin);
            Field("domain", batch.Domain);
            json.WriteNumber("batchNumber", batch.BatchNumber);
            json.WriteString("shape", batch.Shape.Name);
            Parameters(batch.Parameters);
            Oracle();
            List("accounts", batch.State.Accounts, Account);
            SignedOrder[] orders = [.. batch.Trades.SelectMany(trade => new[] { trade.Buy, trade.Sell }).Distinct()];
            List("orders", orders, Order);
            List("trades", batch.Trades, trade => Trade(trade, orders));
            json.WriteStartObject("publicInputs");
            foreach ((string name, Fr value) in Named(result.PublicInputs))
            {
                Field(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.Flush();
        }

        private void Parameters(VenueParameters parameters)
        {
            json.WriteStartObject("parameters");
            foreach ((string name, long value) in ParameterNames.Zip(parameters.Scalars))
            {
                json.WriteNumber(name, value);
            }

            json.WriteEndObject();
        }

        private void Oracle()
        {
            json.WriteStartObject("oracle");
            json.WriteString("underlying", snapshot.Underlying);
            json.WriteNumber("time", snapshot.Time);
            json.WriteString("spot", snapshot.Spot.ToString());
            List("expiries", snapshot.Expiries, expiry =>
            {
                json.WriteNumber("time", expiry.Expiry);
                json.WriteString("forward", expiry.Forward.ToString());
                json.WriteString("settlement", expiry.Settlement.ToString());
                json.WriteNumber("rateMillionths", expiry.RateMillionths);
            });
            List("instruments", snapshot.Instruments, quoted =>
            {
                json.WriteString("instrument", quoted.Instrument.Name);
                json.WriteNumber("volatilityMillionths", quoted.VolatilityMillionths);
            });
            json.WriteEndObject();
        }

        private void Account(KeyValuePair<int, Account> pair)
        {
            (int leaf, Account account) = pair;
            json.WriteNumber("leaf", leaf);
            Field("keyX", account.KeyX);
            Field("keyY", account.KeyY);
            json.WriteString("nonce", account.Nonce.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("flags", (int)account.Status);
            json.WriteNumber("flaggedAt", account.FlaggedAt);
            json.WriteString("cash", account.Cash.ToString());
            Field("perpetual", account.Perpetual);
            Field("indices", account.Indices);
            List("positions", account.Positions, Position);
            if (account.OpenInterest is { } openInterest)
            {
                List("openInterest", openInterest, Position);
            }
            else
            {
                List("fills", account.Orders.Fills.Where(fill => fill != default), fill =>
                {
                    json.WriteNumber("nonce", fill.Nonce);
                    json.WriteString("filled", Contracts(fill.Filled));
                });
            }
        }

        private void Position(Position position)
        {
            json.WriteString("instrument", _names[position.InstrumentId]);
            json.WriteString("quantity", position.Quantity.ToString());
        }

        private void Order(SignedOrder signed)
        {
            Order order = signed.Order;
            json.WriteNumber("leaf", order.Leaf);
            json.WriteString("instrument", _names[order.InstrumentId]);
            json.WriteString("side", order.Side == OrderSide.Buy ? "buy" : "sell");
            json.WriteString("limit", order.Limit.ToString());
            json.WriteString("quantity", Contracts(order.Quantity));
            json.WriteNumber("expiresAt", order.ExpiresAt);
            json.WriteNumber("nonce", order.Nonce);
            Span<byte> packed = stackalloc byte[EdDsaSignature.PackedLength];
            signed.Signature.Pack(packed);
            json.WriteString("signature", Convert.ToHexStringLower(packed));
        }

        private void Trade(Trade trade, SignedOrder[] orders)
        {
            json.WriteNumber("buyOrder", Array.IndexOf(orders, trade.Buy));
            json.WriteNumber("sellOrder", Array.IndexOf(orders, trade.Sell));
            json.WriteString("price", trade.Price.ToString());
            json.WriteString("quantity", Contracts(trade.Quantity));
            json.WriteBoolean("buyerIsTaker", trade.BuyerIsTaker);
        }

        private void List<T>(string name, IEnumerable<T> items, Action<T> members)
        {
            json.WriteStartArray(name);
            foreach (T item in items)
            {
                json.WriteStartObject();
                members(item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private void Field(string name, Fr value) => json.WriteString(name, value.ToString());

        private static string Contracts(long units) => ExactDecimal.Format(units, PositionQuantity.Decimals);
    }

    private sealed class Reader(JsonNodeAt root)
    {
        private readonly Dictionary<string, Fr> _ids = [];

        public TradeBatchResult Batch()
        {
            root.AllowOnly(
                "format", "origin", "domain", "batchNumber", "shape", "parameters", "oracle", "accounts", "orders", "trades", "publicInputs");
            if (root["format"].Text() != Format)
            {
                throw root["format"].Fault($"\"{Format}\"");
            }

            root["origin"].Text();
            RiskMatrix risk = root["oracle"].Check(node => RiskMatrix.Compute(Oracle(node), MarginParameters.Published));
            ExchangeState state = root["accounts"].Check(node => ExchangeState.Empty.With(ReadAccounts(node)));
            SignedOrder[] orders = [.. root["orders"].Items().Select(Order)];
            var batch = new TradeBatch(
                state,
                risk,
                Parameters(root["parameters"]),
                root["shape"].Parse(TradeShape.Parse),
                [.. root["trades"].Items().Select(node => Trade(node, orders))],
                (ulong)root["batchNumber"].Long(long.MaxValue),
                root["domain"].Parse(Fr.Parse));
            TradeBatchResult result = TradeBatchReference.Book(batch);
            Compare(root["publicInputs"], result.PublicInputs);
            return result;
        }

        private static void Compare(JsonNodeAt node, TransitionPublicInputs inputs)
        {
            (string Name, Fr Value)[] expected = [.. Named(inputs)];
            node.AllowOnly([.. expected.Select(pair => pair.Name)]);
            foreach ((string name, Fr value) in expected)
            {
                if (node[name].Parse(Fr.Parse) != value)
                {
                    throw node[name].Fault($"{value}, to which the batch's trades lead,");
                }
            }
        }

        private static VenueParameters Parameters(JsonNodeAt node)
        {
            node.AllowOnly(ParameterNames);
            long[] values = [.. ParameterNames.Select(name => node[name].Long(uint.MaxValue))];
            return new VenueParameters
            {
                MakerFee = values[0],
                TakerFee = values[1],
                OpenInterestMax = values[2],
                AuctionDiscountMax = values[3],
                AuctionSeconds = values[4],
                LiquidatedShareMax = values[5],
                LiquidationBuffer = values[6],
            };
        }

        private OracleSnapshot Oracle(JsonNodeAt node)
        {
            node.AllowOnly("underlying", "time", "spot", "expiries", "instruments");
            List<OracleExpiry> expiries = [];
            foreach (JsonNodeAt item in node["expiries"].Items())
            {
                item.AllowOnly("time", "forward", "settlement", "rateMillionths");
                expiries.Add(new OracleExpiry(
                    item["time"].Long((1L << Account.TimeBits) - 1), Price(item["forward"]), Price(item["settlement"]),
                    item["rateMillionths"].Integer(-(int)MarginParameters.Unit, (int)MarginParameters.Unit)));
            }

            List<OracleInstrument> instruments = [];
            foreach (JsonNodeAt item in node["instruments"].Items())
            {
                item.AllowOnly("instrument", "volatilityMillionths");
                Instrument instrument = item["instrument"].Parse(Instrument.Parse);
                _ids[instrument.Name] = instrument.Id;
                instruments.Add(new OracleInstrument(instrument, item["volatilityMillionths"].Long((1L << OracleInstrument.VolatilityBits) - 1)));
            }

            return OracleSnapshot.Create(
                node["underlying"].Text(), node["time"].Long((1L << Account.TimeBits) - 1), Price(node["spot"]), expiries, instruments);
        }

        private IEnumerable<KeyValuePair<int, Account>> ReadAccounts(JsonNodeAt list)
        {
            var leaves = new HashSet<int>();
            foreach (JsonNodeAt node in list.Items())
            {
                int leaf = node["leaf"].Integer(0, AccountTree.Capacity - 1);
                yield return leaves.Add(leaf) ? new(leaf, ReadAccount(node)) : throw node["leaf"].Fault("a leaf that no other account has");
            }
        }

        private Account ReadAccount(JsonNodeAt node)
        {
            bool keepsInterest = node.Has("openInterest");
            node.AllowOnly(
                "leaf", "keyX", "keyY", "nonce", "flags", "flaggedAt", "cash", "perpetual", "indices", "positions",
                keepsInterest ? "openInterest" : "fills");
            return new Account
            {
                KeyX = node["keyX"].Parse(Fr.Parse),
                KeyY = node["keyY"].Parse(Fr.Parse),
                Nonce = ReadNonce(node["nonce"]),
                Status = (AccountStatus)node["flags"].Long((1 << Account.FlagBits) - 1),
                FlaggedAt = node["flaggedAt"].Long((1L << Account.TimeBits) - 1),
                Cash = node["cash"].Parse(CashAmount.Parse),
                Perpetual = node["perpetual"].Parse(Fr.Parse),
                Indices = node["indices"].Parse(Fr.Parse),
                Positions = Positions(node["positions"]),
                Orders = keepsInterest ? OrderSlots.Empty : Slots(node["fills"]),
                OpenInterest = keepsInterest ? Positions(node["openInterest"]) : null,
            };
        }

        private static ulong ReadNonce(JsonNodeAt node) =>
            ulong.TryParse(node.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong nonce)
                ? nonce
                : throw node.Fault("a number below 2^64");

        private Position[] Positions(JsonNodeAt list)
        {
            List<Position> positions = [];
            foreach (JsonNodeAt node in list.Items())
            {
                node.AllowOnly("instrument", "quantity");
                positions.Add(new Position(InstrumentId(node["instrument"]), node["quantity"].Parse(PositionQuantity.Parse)));
            }

            return [.. positions];
        }

        private static OrderSlots Slots(JsonNodeAt list)
        {
            OrderSlots slots = OrderSlots.Empty;
            foreach (JsonNodeAt node in list.Items())
            {
                node.AllowOnly("nonce", "filled");
                slots = slots.With(new OrderFill(node["nonce"].Long((1L << OrderFill.NonceBits) - 1), Contracts(node["filled"], 0)));
            }

            return slots;
        }

        private SignedOrder Order(JsonNodeAt node)
        {
            node.AllowOnly("leaf", "instrument", "side", "limit", "quantity", "expiresAt", "nonce", "signature");
            var order = new Order(
                node["leaf"].Integer(0, AccountTree.Capacity - 1),
                InstrumentId(node["instrument"]),
                node["side"].Text() switch { "buy" => OrderSide.Buy, "sell" => OrderSide.Sell, _ => throw node["side"].Fault("\"buy\" or \"sell\"") },
                Price(node["limit"]),
                Contracts(node["quantity"], 1),
                node["expiresAt"].Long((1L << Account.TimeBits) - 1),
                node["nonce"].Long((1L << OrderFill.NonceBits) - 1));
            return new SignedOrder(order, node["signature"].Parse(Signature));
        }

        private static Trade Trade(JsonNodeAt node, SignedOrder[] orders)
        {
            node.AllowOnly("buyOrder", "sellOrder", "price", "quantity", "buyerIsTaker");
            return new Trade(
                orders[node["buyOrder"].Integer(0, orders.Length - 1)],
                orders[node["sellOrder"].Integer(0, orders.Length - 1)],
                Price(node["price"]),
                Contracts(node["quantity"], 1),
                node["buyerIsTaker"].Flag());
        }

        private Fr InstrumentId(JsonNodeAt node) =>
            _ids.TryGetValue(node.Text(), out Fr id) ? id : throw node.Fault("an instrument of the oracle's snapshot");

        private static PriceTicks Price(JsonNodeAt node) =>
            node.Parse(text => new PriceTicks((long)Units(text, PriceTicks.Decimals, 0, (1L << PriceTicks.Bits) - 1)));

        private static long Contracts(JsonNodeAt node, long least) =>
            node.Parse(text => (long)Units(text, PositionQuantity.Decimals, least, (1L << OrderFill.FilledBits) - 1));

        private static Int128 Units(string text, int decimals, Int128 least, Int128 most)
        {
            Int128 units = ExactDecimal.Parse(text, decimals);
            return units >= least && units <= most
                ? units
                : throw new FormatException($"'{text}' is outside [{ExactDecimal.Format(least, decimals)}, {ExactDecimal.Format(most, decimals)}]");
        }

        private static EdDsaSignature Signature(string text) => EdDsaSignature.TryUnpack(Convert.FromHexString(text), out EdDsaSignature signature)
            ? signature
            : throw new FormatException("not a packed signature of 64 bytes");
    }

    private static readonly string[] ParameterNames =
        ["makerFee", "takerFee", "openInterestMax", "auctionDiscountMax", "auctionSeconds", "liquidatedShareMax", "liquidationBuffer"];

    private static IEnumerable<(string Name, Fr Value)> Named(TransitionPublicInputs inputs) =>
    [
        ("oldRoot", inputs.OldRoot),
        ("newRoot", inputs.NewRoot),
        ("riskRoot", inputs.RiskRoot),
        ("parameterHash", inputs.ParameterHash),
        ("diffHash", inputs.DiffHash),
    ];
}
