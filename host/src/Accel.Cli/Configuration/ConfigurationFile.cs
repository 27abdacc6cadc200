using System.Text;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Accel.Cli.Configuration;

/// <summary>What is wrong at one place of a configuration file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">From 1; 0 for the file as a whole.</param>
/// <param name="Column">From 1; 0 for the file as a whole.</param>
/// <param name="Key">The key; null where there is none.</param>
/// <param name="Text">What is wrong, and what would be right.</param>
internal sealed record ConfigurationFault(string File, int Line, int Column, string? Key, string Text)
{
    /// <inheritdoc />
    public override string ToString() => Line == 0 ? $"{File}: {Text}" : $"{File}:{Line}:{Column}: {Text}";
}

/// <summary>A value of a configuration file, and where it stands.</summary>
/// <param name="Value">A string, an int, a bool or a string[], as the key's type says.</param>
/// <param name="Origin">File, line and column.</param>
internal sealed record ConfiguredValue(object Value, string Origin);

/// <summary>A configuration file: TOML, every key known and of its type.</summary>
/// <param name="Path">The file.</param>
/// <param name="Values">What it says.</param>
/// <param name="Faults">Everything that is wrong with it.</param>
internal sealed record ConfigurationFile(string Path, IReadOnlyDictionary<ConfigurationKey, ConfiguredValue> Values, IReadOnlyList<ConfigurationFault> Faults)
{
    private const int BytesMax = 1 << 16;
    private const int NameLengthShown = 64;
    private const int DistanceMax = 3;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ConfigurationFile Read(string path)
    {
        Dictionary<ConfigurationKey, ConfiguredValue> values = [];
        List<ConfigurationFault> faults = [];
        if (ReadText(path, faults) is { } text)
        {
            new Reader(path, values, faults).Read(text);
        }

        return new ConfigurationFile(path, values, faults);
    }

    /// <summary>The values, when nothing is wrong.</summary>
    /// <exception cref="InvalidDataException">Something is; the message says all of it.</exception>
    public IReadOnlyDictionary<ConfigurationKey, ConfiguredValue> Require() =>
        Faults.Count == 0 ? Values : throw new InvalidDataException(string.Join(Environment.NewLine, Faults));

    private static string? ReadText(string path, List<ConfigurationFault> faults)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[BytesMax + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length <= BytesMax)
            {
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\ufeff');
            }

            faults.Add(new ConfigurationFault(path, 0, 0, null, $"it is larger than {BytesMax:N0} bytes: this is no configuration of accel"));
        }
        catch (DecoderFallbackException malformed)
        {
            faults.Add(new ConfigurationFault(path, 0, 0, null, $"byte {malformed.Index} is no UTF-8: save the file as UTF-8"));
        }
        catch (UnauthorizedAccessException)
        {
            faults.Add(new ConfigurationFault(path, 0, 0, null, "it can't be read: it is a folder, or this user has no permission"));
        }

        return null;
    }

    private sealed class Reader(string path, Dictionary<ConfigurationKey, ConfiguredValue> values, List<ConfigurationFault> faults)
    {
        public void Read(string text)
        {
            DocumentSyntax document;
            try
            {
                document = SyntaxParser.Parse(text, path, true);
            }
            catch (TomlException hostile)
            {
                faults.Add(new ConfigurationFault(path, 0, 0, null, Printable(hostile.Message)));
                return;
            }

            foreach (DiagnosticMessage message in document.Diagnostics)
            {
                Fault(message.Span, null, Printable(message.Message));
            }

            if (faults.Count > 0)
            {
                return;
            }

            foreach (KeyValueSyntax pair in document.KeyValues)
            {
                Take(string.Empty, pair);
            }

            foreach (TableSyntaxBase table in document.Tables)
            {
                TakeTable(table);
            }
        }

        private void TakeTable(TableSyntaxBase table)
        {
            string name = NameOf(table.Name!);
            if (table is TableArraySyntax)
            {
                Fault(table.Name!.Span, name, $"'{Printable(name)}' is a list of tables, and there is none in this file: write [{Printable(name)}]");
                return;
            }

            if (!ConfigurationKeys.All.Any(key => key.Name.StartsWith(name + '.', StringComparison.Ordinal)))
            {
                IEnumerable<string> tables = ConfigurationKeys.All.Select(key => key.Name.LastIndexOf('.') is > 0 and var dot ? key.Name[..dot] : null).OfType<string>();
                Fault(table.Name!.Span, name, Unknown(name, "table", tables.Distinct()));
                return;
            }

            foreach (KeyValueSyntax pair in table.Items)
            {
                Take(name + '.', pair);
            }
        }

        private void Take(string prefix, KeyValueSyntax pair)
        {
            string name = prefix + NameOf(pair.Key!);
            if (pair.Value is InlineTableSyntax inner && ConfigurationKeys.All.Any(key => key.Name.StartsWith(name + '.', StringComparison.Ordinal)))
            {
                foreach (InlineTableItemSyntax item in inner.Items)
                {
                    Take(name + '.', item.KeyValue!);
                }

                return;
            }

            if (ConfigurationKeys.All.FirstOrDefault(key => key.Name == name) is not { } key)
            {
                Fault(pair.Key!.Span, name, Unknown(name, "key", ConfigurationKeys.All.Select(known => known.Name)));
                return;
            }

            try
            {
                values[key] = new ConfiguredValue(Value(key, pair.Value!), $"{path}:{pair.Key!.Span.Start.Line + 1}:{pair.Key.Span.Start.Column + 1}");
            }
            catch (FormatException wrong)
            {
                Fault(pair.Value!.Span, name, $"{name}: {Printable(wrong.Message)}");
            }
        }

        /// <summary>A value of the key's type. Paths are relative to the file.</summary>
        private object Value(ConfigurationKey key, ValueSyntax value) => (key.Type, value) switch
        {
            (ConfigurationType.Integer, IntegerValueSyntax integer) => key.Checked(integer.Value),
            (ConfigurationType.Flag, BooleanValueSyntax flag) => flag.Value,
            (ConfigurationType.Text, StringValueSyntax { Value.Length: > 0 } text) => text.Value,
            (ConfigurationType.Path, StringValueSyntax { Value.Length: > 0 } text) => FullPath(text.Value),
            (ConfigurationType.Paths, ArraySyntax { Items.ChildrenCount: > 0 } list) =>
                list.Items.Select(item => item.Value is StringValueSyntax { Value.Length: > 0 } text ? FullPath(text.Value) : throw Wrong(key, item.Value)).ToArray(),
            _ => throw Wrong(key, value),
        };

        private string FullPath(string value) => value.Contains('\0', StringComparison.Ordinal)
            ? throw new FormatException("a path has no character 0")
            : System.IO.Path.GetFullPath(value, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);

        private static FormatException Wrong(ConfigurationKey key, ValueSyntax? value)
        {
            string found = value switch
            {
                StringValueSyntax { Value: null or "" } => "an empty text",
                StringValueSyntax => "a text",
                IntegerValueSyntax => "an integer",
                FloatValueSyntax => "a number with a fraction",
                BooleanValueSyntax => "true or false",
                DateTimeValueSyntax => "a date or time",
                ArraySyntax { Items.ChildrenCount: 0 } => "an empty list",
                ArraySyntax => "a list",
                _ => "a table",
            };
            return new FormatException($"expected {key.TypeText}, found {found}");
        }

        private void Fault(SourceSpan span, string? key, string text) => faults.Add(new ConfigurationFault(path, span.Start.Line + 1, span.Start.Column + 1, key, text));

        private static string NameOf(KeySyntax key) => string.Join('.', key.DotKeys.Select(dotted => dotted.Key).Prepend(key.Key).Select(part => part switch
        {
            BareKeySyntax bare => bare.Key!.Text!,
            StringValueSyntax { Value: { } text } when !text.Contains('.', StringComparison.Ordinal) => text,
            _ => $"\"{(part as StringValueSyntax)?.Value}\"",
        }));

        private static string Unknown(string name, string what, IEnumerable<string> known)
        {
            string[] all = [.. known];
            string? nearest = all.MinBy(other => EditDistance.Between(name, other, DistanceMax)) is { } near && EditDistance.Between(name, near, DistanceMax) <= DistanceMax
                ? near
                : all.FirstOrDefault(other => other.EndsWith('.' + name, StringComparison.Ordinal) || name.EndsWith('.' + other, StringComparison.Ordinal));
            string shown = Printable(name);
            return nearest is null ? $"there is no {what} '{shown}'; there is: {string.Join(", ", all)}" : $"there is no {what} '{shown}'; did you mean '{nearest}'?";
        }

        /// <summary>What a file says must not move the terminal's cursor, nor fill its screen.</summary>
        private static string Printable(string text)
        {
            string plain = string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\ufffd' : c));
            return plain.Length <= 4 * NameLengthShown ? plain : plain[..(4 * NameLengthShown)] + "…";
        }
    }
}
