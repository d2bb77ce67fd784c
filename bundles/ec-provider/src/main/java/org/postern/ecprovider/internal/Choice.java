package org.postern.ecprovider.internal;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;
import org.postern.ecprovider.EcProvider.Kind;

/** Selects a provider: tries them in order. */
public final class Choice {

    private static final String ACCP = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private Choice() {}

    public static EcProvider fastest() {
        return fastest(Choice.class.getClassLoader());
    }

    public static EcProvider of(Kind kind) {
        return of(kind, Choice.class.getClassLoader());
    }

    static EcProvider fastest(ClassLoader accp) {
        List<String> reasons = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            try {
                return load(kind, accp, String.join("; ", reasons));
            } catch (EcException e) {
                reasons.add("no " + kind + ": " + e.getMessage());
            }
        }
        throw new EcException(EcException.Kind.PROVIDER_FAILED, String.join("; ", reasons), null);
    }

    static EcProvider of(Kind kind, ClassLoader accp) {
        return load(kind, accp, "chosen by setting");
    }

    // LinkageError: a missing optional jar, an unsupported processor, or a native library that cannot be loaded
    private static EcProvider load(Kind kind, ClassLoader accp, String note) {
        try {
            return new JcaEcProvider(kind, provider(kind, accp), note);
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            throw new EcException(
                    EcException.Kind.PROVIDER_FAILED,
                    e.getMessage() == null ? e.getClass().getName() : e.getMessage(),
                    e);
        }
    }

    private static Provider provider(Kind kind, ClassLoader accp) throws GeneralSecurityException {
        return switch (kind) {
            case ACCP -> accp(accp);
            case BOUNCY_CASTLE -> new BouncyCastleProvider();
            case SUN_EC -> Security.getProvider("SunEC");
        };
    }

    private static Provider accp(ClassLoader loader) throws GeneralSecurityException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // its cleaner thread inherits the context class loader
        thread.setContextClassLoader(loader);
        try {
            Class<?> type = Class.forName(ACCP, true, loader);
            Provider accp = (Provider) type.getField("INSTANCE").get(null);
            Throwable failed = (Throwable) type.getMethod("getLoadingError").invoke(accp);
            if (failed != null) {
                throw new GeneralSecurityException(failed.getMessage(), failed);
            }
            if (String.valueOf(type.getMethod("runSelfTests").invoke(accp)).equals("FAILED")) {
                throw new GeneralSecurityException("ACCP self test failed");
            }
            return accp;
        } catch (ReflectiveOperationException e) {
            throw new GeneralSecurityException(e.toString(), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
