namespace Accel.Cli.Doctor;

/// <summary>Looks for what each backend needs on a machine and says how to get what is not there. Opens no device.</summary>
internal sealed class Examination(HostFiles files, ProgramFacts program)
{
    /// <summary>The board's USB identity, as the shipped udev rule has it.</summary>
    private const string UsbVendor = "1d50";
    private const string UsbProduct = "6130";
    private const string XilinxVendor = "0x10ee";
    private const string RuleFile = "60-accel.rules";
    private const string InstallRule = $"sudo groupadd --force --system accel && sudo install -m 644 host/udev/{RuleFile} /etc/udev/rules.d/ && sudo udevadm control --reload && sudo udevadm trigger";

    private static readonly string[] RuleFolders = ["/etc/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d"];

    public IReadOnlyList<Diagnosis> Run() => [.. Processor(), Simulation(), .. Pcie(), .. Usb(), .. Serial(), .. OpenCl(), .. Cuda()];

    private IEnumerable<Diagnosis> Processor() => program.Engines.Select(engine => new Diagnosis(
        "cpu",
        $"{engine.Name} arithmetic",
        engine.Missing.Length == 0 ? Finding.Ok : Finding.Missing,
        engine.Missing.Length == 0 ? engine.Needs : $"without {engine.Missing}",
        "the wider the arithmetic, the faster transforms and products are; the portable one always works",
        engine.Missing.Contains(".so", StringComparison.Ordinal) ? "make native" : null));

    private Diagnosis Simulation() => new(
        "sim", "the simulated card's library", program.HasSimulatedCard ? Finding.Ok : Finding.Missing, "libaccel_sim.so",
        "runs the card's RTL without a card", program.HasSimulatedCard ? null : "make sim");

    private IEnumerable<Diagnosis> Pcie()
    {
        IEnumerable<string> devices = files.List("/sys/bus/pci/devices", "*").Where(device => files.Read($"{device}/vendor") == XilinxVendor);
        string[] cards = [.. devices.Select(device => Path.GetFileName(device))];
        yield return cards.Length > 0
            ? new("pcie", "a card on the bus", Finding.Ok, string.Join(", ", cards), "what the driver binds to", null)
            : new(
                "pcie", "a card on the bus", Finding.Missing, $"no device of vendor {XilinxVendor}", "without one there is nothing for the driver to bind to",
                "echo 1 | sudo tee /sys/bus/pci/rescan   # once the card holds its bitstream");
        bool loaded = files.Exists("/sys/module/xdma");
        yield return new(
            "pcie", "driver xdma", loaded ? Finding.Ok : Finding.Missing, "/sys/module/xdma", "makes the card's registers and DMA channels files",
            loaded ? null : "git clone https://github.com/Xilinx/dma_ip_drivers && sudo make -C dma_ip_drivers/XDMA/linux-kernel/xdma install && sudo modprobe xdma");
        string[] nodes = [.. files.List("/dev", "xdma*_user"), .. files.List("/dev", "xdma*_h2c_*"), .. files.List("/dev", "xdma*_c2h_*")];
        foreach (Diagnosis diagnosis in Nodes("pcie", "device files", nodes, "/dev/xdma*", "registers and DMA go through them", "sudo modprobe xdma", InstallRule))
        {
            yield return diagnosis;
        }
    }

    private IEnumerable<Diagnosis> Usb()
    {
        yield return Library("usb", "libusb-1.0", "libusb-1.0.so.0", "talks to the board's FIFO", "sudo apt-get install -y libusb-1.0-0");
        string? rule = RuleFolders.SelectMany(folder => files.List(folder, "*.rules")).FirstOrDefault(path => Path.GetFileName(path) == RuleFile);
        yield return new(
            "usb", "udev rule", rule is null ? Finding.Missing : Finding.Ok, rule ?? $"no {RuleFile} in {string.Join(", ", RuleFolders)}",
            "lets users other than root open boards and cards", rule is null ? InstallRule : null);
        string[] nodes =
        [
            .. files.List("/sys/bus/usb/devices", "*")
                .Where(device => files.Read($"{device}/idVendor") == UsbVendor && files.Read($"{device}/idProduct") == UsbProduct)
                .Select(device => $"/dev/bus/usb/{Number(device, "busnum")}/{Number(device, "devnum")}"),
        ];
        foreach (Diagnosis diagnosis in Nodes("usb", "a board", nodes, $"USB {UsbVendor}:{UsbProduct}", "what libusb opens", null, InstallRule))
        {
            yield return diagnosis;
        }

        string Number(string device, string name) => files.Read($"{device}/{name}")?.PadLeft(3, '0') ?? "000";
    }

    private IEnumerable<Diagnosis> Serial() => Nodes(
        "serial", "a port", [.. files.List("/dev", "ttyUSB*"), .. files.List("/dev", "ttyACM*")], "/dev/ttyUSB*, /dev/ttyACM*", "what a board on a serial line hangs on", null, null);

    private IEnumerable<Diagnosis> OpenCl()
    {
        yield return Library("opencl", "the ICD loader", "libOpenCL.so.1", "finds the vendors' drivers", "sudo apt-get install -y ocl-icd-libopencl1");
        string folder = program.OpenClVendors ?? "/etc/OpenCL/vendors";
        IReadOnlyList<string> vendors = files.List(folder, "*.icd");
        if (vendors.Count == 0)
        {
            yield return new(
                "opencl", "a vendor's driver", Finding.Missing, $"no *.icd in {folder}", "computes; PoCL does on the processor, a GPU's vendor on the GPU",
                "sudo apt-get install -y pocl-opencl-icd");
        }

        foreach (string vendor in vendors)
        {
            string library = files.Read(vendor) ?? string.Empty;
            bool found = library.StartsWith('/') ? files.Exists(library) : files.Library(library) is not null;
            yield return new(
                "opencl", "a vendor's driver", found ? Finding.Ok : Finding.Missing,
                found ? $"{vendor}: {library}" : $"{vendor} names {library}, which is not there", "computes; PoCL does on the processor, a GPU's vendor on the GPU",
                found ? null : "sudo apt-get install -y --reinstall pocl-opencl-icd   # or the vendor's package");
        }

        IReadOnlyList<string> nodes = files.List("/dev/dri", "renderD*");
        foreach (Diagnosis diagnosis in nodes.Count == 0 ? [] : Nodes("opencl", "a GPU's device file", nodes, "/dev/dri/renderD*", "a GPU's driver opens it", null, null))
        {
            yield return diagnosis;
        }
    }

    private IEnumerable<Diagnosis> Cuda()
    {
        yield return Library("ilgpu", "the CUDA driver's library", "libcuda.so.1", "runs the kernels on NVIDIA's GPUs", "sudo apt-get install -y nvidia-driver   # and restart");
        IEnumerable<Diagnosis> nodes = Nodes(
            "ilgpu", "a GPU's device file", files.List("/dev", "nvidiactl"), "/dev/nvidiactl", "the driver's library opens it", "sudo modprobe nvidia && sudo nvidia-modprobe -c 0", null);
        foreach (Diagnosis diagnosis in nodes)
        {
            yield return diagnosis;
        }
    }

    private Diagnosis Library(string backend, string what, string file, string why, string fix)
    {
        string? path = files.Library(file);
        return new(backend, what, path is null ? Finding.Missing : Finding.Ok, path ?? $"no {file}", why, path is null ? fix : null);
    }

    /// <summary>Files that must be readable and writable for this user: one line for each, or one for their absence.</summary>
    private IEnumerable<Diagnosis> Nodes(string backend, string what, IReadOnlyList<string> nodes, string sought, string why, string? fixMissing, string? fixPermission)
    {
        if (nodes.Count == 0)
        {
            yield return new(backend, what, Finding.Missing, $"no {sought}", why, fixMissing);
        }

        foreach (string node in nodes)
        {
            if (!files.Exists(node))
            {
                yield return new(backend, what, Finding.Missing, $"no {node}", why, fixMissing);
            }
            else if (files.MayUse(node))
            {
                yield return new(backend, what, Finding.Ok, node, why, null);
            }
            else
            {
                string? group = files.GroupOf(node);
                string? join = group is null or "root" ? fixPermission ?? $"sudo chmod a+rw {node}" : $"sudo usermod -aG {group} $USER   # and log in again";
                yield return new(backend, what, Finding.NoPermission, $"{node} belongs to group {group ?? "?"}", why, join);
            }
        }
    }
}
