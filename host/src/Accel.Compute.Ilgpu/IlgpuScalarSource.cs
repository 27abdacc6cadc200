using Accel.Compute.Ilgpu.Arithmetic;
using ILGPU;
using ILGPU.Runtime;

namespace Accel.Compute.Ilgpu;

/// <summary>Scalars in the device's memory, in Montgomery form. Their memory is given back when nobody holds them any more.</summary>
internal sealed class IlgpuScalarSource : IScalarSource
{
    private readonly MemoryBuffer1D<Limbs, Stride1D.Dense> _buffer;

    public IlgpuScalarSource(IlgpuBackend owner, MemoryBuffer1D<Limbs, Stride1D.Dense> buffer, int count)
    {
        Owner = owner;
        Count = count;
        _buffer = buffer;

        // The collector sees a few bytes here; without its knowing of the others a device would fill up before it runs.
        GC.AddMemoryPressure(_buffer.LengthInBytes);
    }

    ~IlgpuScalarSource()
    {
        GC.RemoveMemoryPressure(_buffer.LengthInBytes);
        Owner.Abandon(_buffer);
    }

    /// <inheritdoc />
    public int Count { get; }

    internal IlgpuBackend Owner { get; }

    internal ArrayView<Limbs> Values => _buffer.View.AsContiguous();

    /// <inheritdoc />
    public async ValueTask ReadAsync(int offset, Memory<Fr> destination, CancellationToken cancel)
    {
        if (offset < 0 || offset > Count - destination.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"scalars [{offset}, {(long)offset + destination.Length}) were asked of a source that has {Count}");
        }

        await Owner.ReadAsync(Values.SubView(offset, destination.Length), destination, cancel);
        GC.KeepAlive(this);
    }

    /// <inheritdoc />
    public bool TryGetMemory(out ReadOnlyMemory<Fr> memory)
    {
        memory = default;
        return false;
    }
}
