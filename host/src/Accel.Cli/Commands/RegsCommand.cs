using System.CommandLine;
using System.Text.Json.Nodes;
using Accel.Device;
using Spectre.Console;

namespace Accel.Cli.Commands;

/// <summary><c>accel regs</c>: a card's registers, decoded. Nothing is written to it.</summary>
internal static class RegsCommand
{
    public static Command Create()
    {
        Option<string> device = CommonOptions.Device("The card", anyBackend: false);
        Option<bool> json = CommonOptions.Json();
        Command command = new("regs", "Show a card's registers, decoded. The card is only read; one that this program does not know shows its identity.") { device, json };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(device), new Reporter(parsed.GetValue(json)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string name, Reporter reporter, CancellationToken cancel)
    {
        await using IDeviceTransport transport = Backends.OpenTransport(name);
        RegisterDump dump = await RegisterDump.ReadAsync(transport, cancel);
        reporter.Result(ToJson(name, dump), () => Print(dump));
        if (dump.Identity.Refusal is { } refusal)
        {
            await Console.Error.WriteLineAsync($"accel: {refusal}");
            return ExitStatus.Failed;
        }

        return ExitStatus.Done;
    }

    internal static JsonObject ToJson(string name, RegisterDump dump) => new()
    {
        ["device"] = name,
        ["path"] = dump.Identity.Path,
        ["id"] = $"0x{dump.Identity.Id:x8}",
        ["version"] = $"{dump.Identity.MajorVersion}.{dump.Identity.MinorVersion}",
        ["refusal"] = dump.Identity.Refusal,
        ["registers"] = new JsonArray([.. dump.Registers.Select(ToJson)]),
    };

    private static JsonNode ToJson(RegisterValue register) => new JsonObject
    {
        ["name"] = register.Register.Name,
        ["offset"] = register.Register.Offset.ToString(),
        ["bits"] = register.Register.Bits,
        ["access"] = register.Register.Access == RegisterAccess.ReadOnly ? "ro" : "rw",
        ["raw"] = register.Value is null ? null : register.Hexadecimal,
        ["value"] = register.Value,
        ["failure"] = register.Failure,
        ["text"] = register.Register.Text,
        ["fields"] = register.Value is { } value
            ? new JsonArray([.. register.Register.Fields.Select(field => (JsonNode)new JsonObject
            {
                ["name"] = field.Name,
                ["bits"] = Bits(field),
                ["value"] = field.ValueIn(value),
                ["meaning"] = field.Describe(field.ValueIn(value)),
                ["text"] = field.Text,
            })])
            : null,
    };

    private static void Print(RegisterDump dump)
    {
        Reporter.Console.WriteLine($"{dump.Identity.Path}: identity 0x{dump.Identity.Id:x8}, registers {dump.Identity.MajorVersion}.{dump.Identity.MinorVersion}");
        if (dump.Registers.Count == 0)
        {
            return;
        }

        Table table = new Table().AddColumns("offset", "register", "raw", "value", "meaning").Border(TableBorder.Simple);
        foreach (RegisterValue register in dump.Registers)
        {
            string meaning = register.Failure ?? register.Register.Text;
            table.AddRow(
                register.Register.Offset.ToString(), register.Register.Name, register.Hexadecimal,
                register.Value is { } number && register.Register.Fields.Count == 0 ? $"{number}" : string.Empty, Markup.Escape(meaning));
            if (register.Value is { } value)
            {
                foreach (RegisterFieldDescription field in register.Register.Fields)
                {
                    table.AddRow(string.Empty, $"  {field.Name}", Bits(field), field.Describe(field.ValueIn(value)), Markup.Escape(field.Text));
                }
            }
        }

        Reporter.Console.Write(table);
    }

    private static string Bits(RegisterFieldDescription field) => field.Bits == 1 ? $"{field.FirstBit}" : $"{field.FirstBit + field.Bits - 1}:{field.FirstBit}";
}
