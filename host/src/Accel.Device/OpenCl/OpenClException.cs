namespace Accel.Device.OpenCl;

/// <summary>An OpenCL call failed.</summary>
public sealed class OpenClException : DeviceException
{
    private static readonly Dictionary<int, string> Meanings = new()
    {
        [-1] = "CL_DEVICE_NOT_FOUND: there is no such device",
        [-2] = "CL_DEVICE_NOT_AVAILABLE: the device is gone, or another process keeps it",
        [-3] = "CL_COMPILER_NOT_AVAILABLE: the driver brings no compiler",
        [-4] = "CL_MEM_OBJECT_ALLOCATION_FAILURE: the device's memory is full; use smaller sizes, or free it from other processes",
        [-5] = "CL_OUT_OF_RESOURCES: the device is lost, or its memory or registers do not suffice",
        [-6] = "CL_OUT_OF_HOST_MEMORY: the host's memory is full",
        [-11] = "CL_BUILD_PROGRAM_FAILURE: the kernels do not compile",
        [-14] = "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST: what it waited for had failed",
        [-30] = "CL_INVALID_VALUE",
        [-33] = "CL_INVALID_DEVICE",
        [-34] = "CL_INVALID_CONTEXT",
        [-36] = "CL_INVALID_COMMAND_QUEUE: the device is lost",
        [-38] = "CL_INVALID_MEM_OBJECT",
        [-42] = "CL_INVALID_BINARY: the file is no program for this device",
        [-45] = "CL_INVALID_PROGRAM_EXECUTABLE",
        [-46] = "CL_INVALID_KERNEL_NAME: the program has no such kernel",
        [-48] = "CL_INVALID_KERNEL",
        [-49] = "CL_INVALID_ARG_INDEX",
        [-50] = "CL_INVALID_ARG_VALUE",
        [-51] = "CL_INVALID_ARG_SIZE",
        [-52] = "CL_INVALID_KERNEL_ARGS",
        [-54] = "CL_INVALID_WORK_GROUP_SIZE",
        [-59] = "CL_INVALID_OPERATION: the device does not support it",
        [-61] = "CL_INVALID_BUFFER_SIZE: the buffer is larger than the device allows",
        [-1001] = "CL_PLATFORM_NOT_FOUND_KHR: no driver is installed; on Debian pocl-opencl-icd brings one for processors",
        [-9999] = "NVIDIA: a kernel made an illegal access",
    };

    /// <summary>A call that failed.</summary>
    /// <param name="device">The device in words.</param>
    /// <param name="what">What was asked of it.</param>
    /// <param name="code">OpenCL's error code.</param>
    /// <param name="details">What else there is to say, such as a build log; null for nothing.</param>
    public OpenClException(string device, string what, int code, string? details = null)
        : base($"{device}: {what} failed with {code}, {Meanings.GetValueOrDefault(code, "an error that OpenCL's headers do not name here")}{(details is null ? string.Empty : $"\n{details}")}")
    {
        Code = code;
    }

    /// <summary>OpenCL's error code, below zero.</summary>
    public int Code { get; }
}
