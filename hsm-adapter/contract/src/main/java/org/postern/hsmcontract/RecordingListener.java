package org.postern.hsmcontract;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVaultException;

/** Records its notifications; after {@link #breakDown} it throws instead. */
public final class RecordingListener implements KeyUseListener {

    private final List<KeyUse> released = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private volatile boolean broken;

    @Override
    public void beforeRelease(KeyUse use) {
        if (broken) {
            throw new IllegalStateException("the disk of the log is full");
        }
        released.add(use);
    }

    @Override
    public void refused(KeyUse use, KeyVaultException why) {
        refused.add(use.operation() + " " + why.kind());
    }

    public List<KeyUse> released() {
        return released;
    }

    public List<String> refused() {
        return refused;
    }

    public void breakDown() {
        broken = true;
    }
}
