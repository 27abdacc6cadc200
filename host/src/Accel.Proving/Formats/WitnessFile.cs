namespace Accel.Proving.Formats;

/// <summary>Reads and writes iden3's .wtns format, version 2: the value of every wire, canonical, 32 bytes little-endian each.</summary>
public static class WitnessFile
{
    /// <summary>Reads a file.</summary>
    /// <returns>The value of each wire; wire 0 is the constant one.</returns>
    /// <exception cref="InvalidFileException">The file is not a well-formed .wtns over BN254's Fr, or wire 0 is not one.</exception>
    public static Fr[] Read(string path)
    {
        using SectionedFile file = SectionedFile.Open(path, SectionedFormat.Witness);
        return Read(file);
    }

    /// <summary>Reads a file that is already in memory.</summary>
    /// <param name="name">The name that messages begin with.</param>
    /// <param name="content">The whole file.</param>
    /// <exception cref="InvalidFileException">As for <see cref="Read(string)"/>.</exception>
    public static Fr[] Read(string name, ReadOnlyMemory<byte> content)
    {
        using SectionedFile file = SectionedFile.FromMemory(name, content, SectionedFormat.Witness);
        return Read(file);
    }

    /// <summary>Writes a witness.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="witness">The value of each wire.</param>
    public static void Write(Stream stream, ReadOnlySpan<Fr> witness)
    {
        SectionWriter writer = new(stream, SectionedFormat.Witness, 2);
        writer.Begin(1, 40);
        writer.WritePrime<Bn254ScalarModulus>();
        writer.WriteUInt32((uint)witness.Length);
        writer.Begin(2, (long)witness.Length * Fr.ByteLength);
        foreach (ref readonly Fr value in witness)
        {
            writer.WriteScalar(value);
        }

        writer.Complete();
    }

    private static Fr[] Read(SectionedFile file)
    {
        SectionReader header = file.Read(1);
        SectionReader content = file.Read(2);
        header.ReadPrime<Bn254ScalarModulus>();
        int count = header.ReadCount("wires", Fr.ByteLength, content);
        header.End();

        content.RequireRemaining(count, Fr.ByteLength, "values");
        long start = content.Offset;
        Fr[] witness = new Fr[count];
        for (int i = 0; i < count; i++)
        {
            witness[i] = content.ReadScalar("value of a wire");
        }

        return count > 0 && witness[0].IsOne ? witness : throw content.Problem($"wire 0 must be the constant one", start);
    }
}
