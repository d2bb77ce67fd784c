package org.postern.ecprovider.internal;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;
import org.postern.ecprovider.EcProvider.Kind;

/** Tries the providers in turn. */
public final class Choice {

    private Choice() {
    }

    public static EcProvider fastest() {
        List<String> passedOver = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            try {
                return load(kind, String.join("; ", passedOver));
            } catch (EcException e) {
                passedOver.add("no " + kind + ": " + e.getMessage());
            }
        }
        throw new EcException(EcException.Kind.PROVIDER_FAILED, String.join("; ", passedOver), null);
    }

    public static EcProvider of(Kind kind) {
        return load(kind, "chosen by setting");
    }

    // LinkageError: a missing optional jar, a wrong processor, a native library that does not load
    private static EcProvider load(Kind kind, String note) {
        try {
            return new JcaEcProvider(kind, provider(kind), note);
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            throw new EcException(EcException.Kind.PROVIDER_FAILED, e.getMessage() == null ? e.getClass().getName() : e.getMessage(), e);
        }
    }

    private static Provider provider(Kind kind) throws GeneralSecurityException {
        return switch (kind) {
            case ACCP -> accp();
            case BOUNCY_CASTLE -> new BouncyCastleProvider();
            case SUN_EC -> Security.getProvider("SunEC");
        };
    }

    private static Provider accp() throws GeneralSecurityException {
        AmazonCorrettoCryptoProvider accp = AmazonCorrettoCryptoProvider.INSTANCE;
        if (accp.getLoadingError() != null) {
            throw new GeneralSecurityException(accp.getLoadingError().getMessage(), accp.getLoadingError());
        }
        if (accp.runSelfTests() == SelfTestStatus.FAILED) {
            throw new GeneralSecurityException("ACCP self test failed");
        }
        return accp;
    }
}
