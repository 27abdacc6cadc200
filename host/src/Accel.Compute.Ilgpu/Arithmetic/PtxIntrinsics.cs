using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace Accel.Compute.Ilgpu.Arithmetic;

/// <summary>
/// Tells ILGPU's PTX backend what to write for <see cref="FqMath"/> and <see cref="FrMath"/>: registers in, registers out, nothing through memory.
/// </summary>
internal static class PtxIntrinsics
{
    /// <summary>Registers the field operations with a context that is being built.</summary>
    public static void Register(Context.Builder builder)
    {
        IntrinsicImplementationManager manager = builder.GetIntrinsicManager();
        Register(manager, typeof(FqMath), typeof(Handlers<Bn254BaseModulus>));
        Register(manager, typeof(FrMath), typeof(Handlers<Bn254ScalarModulus>));
    }

    private static void Register(IntrinsicImplementationManager manager, Type functions, Type handlers)
    {
        foreach (string name in new[] { nameof(FqMath.Multiply), nameof(FqMath.Add), nameof(FqMath.Subtract) })
        {
            manager.RegisterMethod(functions.GetMethod(name)!, new PTXIntrinsic(handlers.GetMethod(name)!, IntrinsicImplementationMode.GenerateCode));
        }
    }

    /// <summary>Found by name.</summary>
    private static class Handlers<TModulus>
        where TModulus : struct, IPrimeModulus
    {
        public static void Multiply(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
            Write(generator, call, (field, result, a, b) => field.Multiply(result, a, b));

        public static void Add(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
            Write(generator, call, (field, result, a, b) => field.Add(result, a, b));

        public static void Subtract(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
            Write(generator, call, (field, result, a, b) => field.Subtract(result, a, b));

        private static void Write(PTXCodeGenerator generator, Value call, Action<PtxField, string[], string[], string[]> operation)
        {
            string[] a = Names(generator, generator.Load(call[0]));
            string[] b = Names(generator, generator.Load(call[1]));
            string[] result = Names(generator, generator.Allocate(call));
            List<RegisterAllocator<PTXRegisterKind>.HardwareRegister> temporaries = [];
            PtxField field = PtxField.For<TModulus>(line => generator.Command(line), type =>
            {
                RegisterAllocator<PTXRegisterKind>.HardwareRegister register = type == "pred"
                    ? generator.AllocateRegister(BasicValueType.Int1, PTXRegisterKind.Predicate)
                    : generator.AllocateInt32Register();
                temporaries.Add(register);
                return Name(register);
            });
            operation(field, result, a, b);
            temporaries.ForEach(generator.FreeRegister);
        }

        private static string[] Names(PTXCodeGenerator generator, RegisterAllocator<PTXRegisterKind>.Register register) =>
        [
            .. ((RegisterAllocator<PTXRegisterKind>.CompoundRegister)register).Children.Select(
                child => Name(generator.EnsureHardwareRegister((RegisterAllocator<PTXRegisterKind>.PrimitiveRegister)child))),
        ];

        private static string Name(RegisterAllocator<PTXRegisterKind>.HardwareRegister register) =>
            "%" + PTXRegisterAllocator.GetStringRepresentation(register);
    }
}
