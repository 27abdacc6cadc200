using Accel.Compute.Ilgpu.Arithmetic;
using ILGPU;

namespace Accel.Compute.Ilgpu.Msm;

/// <summary>
/// Adds up sorted digits without a lock: each thread takes an equal slice of all entries, whichever buckets it meets, so that one hot bucket is
/// shared by as many threads as it fills slices. Who holds a bucket's first entry adds to the bucket; the others leave the sum of their part as a head,
/// at most one each, in the order of the buckets. Heads are summed in the same way, until one thread has them all.
/// </summary>
internal static class BucketKernels
{
    /// <summary>The key of a slice without a head.</summary>
    public const int NoKey = -1;

    /// <summary>Adds the bases of all entries to their buckets, or leaves them as heads.</summary>
    public static void Accumulate(AccumulateJob job)
    {
        ArrayView<uint> entries = job.Entries;
        ArrayView<int> ends = job.Ends;
        ArrayView<DevicePoint> buckets = job.Buckets;
        int total = ends[job.Cells - 1];
        for (int thread = KernelGrid.Index; thread < job.Slices; thread += KernelGrid.Stride)
        {
            int position = thread * job.Slice;
            int last = KernelGrid.Least(total, position + job.Slice);
            job.Keys[thread] = NoKey;
            if (position < last)
            {
                int bucket = BucketAt(ends, position, 0, job.Cells - 1);
                int end = ends[bucket];
                bool isOwner = position == 0 || (bucket > 0 && ends[bucket - 1] == position);
                DevicePoint sum = default;
                if (isOwner)
                {
                    sum = buckets[bucket];
                }

                for (; position < last; position++)
                {
                    if (position == end)
                    {
                        if (isOwner)
                        {
                            buckets[bucket] = sum;
                        }
                        else
                        {
                            job.Keys[thread] = bucket;
                            job.Heads[thread] = sum;
                        }

                        bucket = NextBucket(ends, position, bucket + 1, job.Cells - 1);
                        end = ends[bucket];
                        isOwner = true;
                        sum = buckets[bucket];
                    }

                    uint entry = entries[position];
                    DeviceAffine addend = job.Bases[(int)(entry & ~DigitKernels.Negative)];
                    if (!DeviceAffine.IsInfinity(addend))
                    {
                        if ((entry & DigitKernels.Negative) != 0)
                        {
                            addend.Y = FqMath.Subtract(new Limbs(0, 0, 0, 0), addend.Y);
                        }

                        sum = DevicePoint.AddFinite(sum, addend, job.One);
                    }
                }

                if (isOwner)
                {
                    buckets[bucket] = sum;
                }
                else
                {
                    job.Keys[thread] = bucket;
                    job.Heads[thread] = sum;
                }
            }
        }
    }

    /// <summary>Adds heads to their buckets, or leaves sums of them as heads of the next level.</summary>
    public static void AddHeads(HeadsJob job)
    {
        int slices = (job.Count + job.Slice - 1) / job.Slice;
        for (int thread = KernelGrid.Index; thread < slices; thread += KernelGrid.Stride)
        {
            int first = thread * job.Slice;
            int last = KernelGrid.Least(job.Count, first + job.Slice);
            int nextKey = NoKey;
            int key = NoKey;
            bool isOwner = false;
            DevicePoint sum = default;
            for (int i = first; i <= last; i++)
            {
                int found = i < last ? job.Keys[i] : NoKey;
                if (found != key || i == last)
                {
                    if (key != NoKey)
                    {
                        if (isOwner)
                        {
                            job.Buckets[key] = sum;
                        }
                        else
                        {
                            nextKey = key;
                            job.NextHeads[thread] = sum;
                        }
                    }

                    key = found;
                    isOwner = i == 0 || (i < last && job.Keys[i - 1] != found);
                    sum = default;
                    if (found != NoKey && isOwner)
                    {
                        sum = job.Buckets[found];
                    }
                }

                if (found != NoKey)
                {
                    sum = DevicePoint.Add(sum, job.Heads[i]);
                }
            }

            job.NextKeys[thread] = nextKey;
        }
    }

    /// <summary>
    /// One level of Σ i·Sᵢ for each window: with i = j·K + k the sum is Σⱼ Σₖ k·Sᵢ + K·Σⱼ j·Σₖ Sᵢ, so the inner sums of all runs of K are added up
    /// here and the outer one is the next level's. After the last level a window has one plain sum ΣSᵢ and one weighted sum Σ i·Sᵢ.
    /// </summary>
    public static void ReduceRuns(ReduceJob job)
    {
        int runs = job.Count / job.Run;
        for (int j = KernelGrid.Index; j < runs; j += KernelGrid.Stride)
        {
            int first = j * job.Run;
            int inner = (2 * job.Run) - 1;
            int steps = job.Doublings > 0 ? inner + job.Run : inner;
            DevicePoint suffix = default;
            DevicePoint sum = default;

            // The suffix and the sum of suffixes grow in turn, then the levels before are added: one addition in the code serves all three.
            for (int step = 0; step < steps; step++)
            {
                bool isInner = step < inner;
                bool growsSuffix = isInner && (step & 1) == 0;
                DevicePoint a = sum;
                DevicePoint b = suffix;
                if (growsSuffix)
                {
                    a = suffix;
                    b = job.Plain[first + job.Run - 1 - (step >> 1)];
                }
                else if (!isInner)
                {
                    b = job.Weighted[first + step - inner];
                    for (int i = 0; step == inner && i < job.Doublings; i++)
                    {
                        a = DevicePoint.Double(a);
                    }
                }

                a = DevicePoint.Add(a, b);
                if (growsSuffix)
                {
                    suffix = a;
                }
                else
                {
                    sum = a;
                }
            }

            job.NextPlain[j] = suffix;
            job.NextWeighted[j] = sum;
        }
    }

    /// <summary>The bucket that holds the entry at a position: the first that ends after it.</summary>
    private static int BucketAt(ArrayView<int> ends, int position, int low, int high)
    {
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (ends[middle] > position)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>As <see cref="BucketAt"/>, for a bucket that is most often the next one.</summary>
    private static int NextBucket(ArrayView<int> ends, int position, int next, int high) =>
        ends[next] > position ? next : BucketAt(ends, position, next + 1, high);
}

/// <summary>The operands of <see cref="BucketKernels.Accumulate"/>.</summary>
internal struct AccumulateJob
{
    /// <summary>Base indices with signs, sorted by bucket.</summary>
    public ArrayView<uint> Entries;

    /// <summary>The end of each bucket's entries.</summary>
    public ArrayView<int> Ends;

    /// <summary>The number of buckets.</summary>
    public int Cells;

    /// <summary>Entries of a slice.</summary>
    public int Slice;

    /// <summary>Slices that there is room for; those past the last entry get no head.</summary>
    public int Slices;

    /// <summary>The bases; entries count from the first.</summary>
    public ArrayView<DeviceAffine> Bases;

    /// <summary>1 in Montgomery form.</summary>
    public Limbs One;

    /// <summary>The buckets.</summary>
    public ArrayView<DevicePoint> Buckets;

    /// <summary>Receives the bucket of each slice's head.</summary>
    public ArrayView<int> Keys;

    /// <summary>Receives each slice's head.</summary>
    public ArrayView<DevicePoint> Heads;
}

/// <summary>The operands of <see cref="BucketKernels.AddHeads"/>.</summary>
internal struct HeadsJob
{
    /// <summary>The bucket of each head, or <see cref="BucketKernels.NoKey"/>.</summary>
    public ArrayView<int> Keys;

    /// <summary>The heads.</summary>
    public ArrayView<DevicePoint> Heads;

    /// <summary>How many.</summary>
    public int Count;

    /// <summary>Heads of a slice.</summary>
    public int Slice;

    /// <summary>The buckets.</summary>
    public ArrayView<DevicePoint> Buckets;

    /// <summary>Receives the bucket of each slice's head.</summary>
    public ArrayView<int> NextKeys;

    /// <summary>Receives each slice's head.</summary>
    public ArrayView<DevicePoint> NextHeads;
}

/// <summary>The operands of <see cref="BucketKernels.ReduceRuns"/>.</summary>
internal struct ReduceJob
{
    /// <summary>The values Sᵢ of this level, windows one after the other.</summary>
    public ArrayView<DevicePoint> Plain;

    /// <summary>Weighted sums of the levels before, as many; unused at the first level.</summary>
    public ArrayView<DevicePoint> Weighted;

    /// <summary>How many.</summary>
    public int Count;

    /// <summary>K, which divides a window's count.</summary>
    public int Run;

    /// <summary>log₂ of the product of K over the levels before; 0 at the first.</summary>
    public int Doublings;

    /// <summary>Receives the plain sum of each run.</summary>
    public ArrayView<DevicePoint> NextPlain;

    /// <summary>Receives the weighted sum of each run.</summary>
    public ArrayView<DevicePoint> NextWeighted;
}
