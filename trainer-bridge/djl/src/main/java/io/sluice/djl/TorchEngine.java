package io.sluice.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/** Loads the native engine with the settings that Sluice needs. */
final class TorchEngine {

    private TorchEngine() {}

    /**
     * Opens memory on CUDA where there is a device, else on the CPU. The engine reads its settings
     * once, when it is first loaded in a JVM; a setting made from outside is left alone.
     */
    static NDManager open(TrainerOptions.Compute compute) {
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
        setIfAbsent("ai.djl.pytorch.num_threads", Integer.toString(compute.threads()));
        setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
        Engine engine = Engine.getEngine("PyTorch");
        boolean cuda = !compute.forceCpu() && engine.getGpuCount() > 0;
        return engine.newBaseManager(cuda ? Device.gpu() : Device.cpu());
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
