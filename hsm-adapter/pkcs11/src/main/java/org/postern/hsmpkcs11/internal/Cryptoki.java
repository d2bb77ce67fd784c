package org.postern.hsmpkcs11.internal;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.NativeLongByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;

/**
 * The part of the PKCS#11 C interface that the JDK's provider lacks: finding the slot of a token by its label. It
 * initialises the library for use by several threads and leaves it initialised for the JDK's provider.
 */
final class Cryptoki {

    private static final long OK = 0;
    private static final long ALREADY_INITIALIZED = 0x191;
    private static final long OS_LOCKING_OK = 2;
    static final long CKA_CLASS = 0;
    static final long CKA_LABEL = 3;
    static final long CKA_VALUE = 0x11;
    static final long CKA_ID = 0x102;
    static final long CERTIFICATE = 1;
    static final long PRIVATE_KEY = 3;

    private static final long SERIAL = 4;
    private static final long RW_SERIAL = 6;
    private static final int MAX_OBJECTS = 64;
    private static final int MAX_VALUE_BYTES = 8192;
    private static final int TOKEN_INFO_BYTES = 512;
    private static final int LABEL_BYTES = 32;
    private static final int FLAGS_OFFSET = 96;
    private static final long TOKEN_INITIALIZED = 0x400;

    private final NativeLibrary library;

    Cryptoki(Path path) {
        try {
            library = NativeLibrary.getInstance(path.toString());
            // CK_C_INITIALIZE_ARGS: four mutex functions, which are absent, then flags and a reserved pointer
            Memory arguments = new Memory(6L * Native.POINTER_SIZE + NativeLong.SIZE);
            arguments.clear();
            arguments.setNativeLong(4L * Native.POINTER_SIZE, new NativeLong(OS_LOCKING_OK));
            long answer = call("C_Initialize", arguments);
            if (answer != OK && answer != ALREADY_INITIALIZED) {
                throw offline("C_Initialize answered 0x" + Long.toHexString(answer), null);
            }
        } catch (UnsatisfiedLinkError e) {
            throw offline("the library cannot be loaded: " + e.getMessage(), e);
        }
    }

    /**
     * Index, in the list of all slots, of the token with this label.
     *
     * @throws KeyVaultException TOKEN_OFFLINE where there is none, BAD_SETTING where there are several
     */
    int slotIndex(String label) {
        List<Integer> found = new ArrayList<>();
        long[] slots = slots();
        for (int i = 0; i < slots.length; i++) {
            Memory info = new Memory(TOKEN_INFO_BYTES);
            if (call("C_GetTokenInfo", new NativeLong(slots[i]), info) == OK
                    && (info.getNativeLong(FLAGS_OFFSET).longValue() & TOKEN_INITIALIZED) != 0
                    && new String(info.getByteArray(0, LABEL_BYTES), StandardCharsets.UTF_8)
                            .trim()
                            .equals(label)) {
                found.add(i);
            }
        }
        if (found.isEmpty()) {
            throw offline("no token with the label " + label + " is in any of " + slots.length + " slots", null);
        }
        if (found.size() > 1) {
            throw new KeyVaultException(
                    Kind.BAD_SETTING,
                    "tokenLabel",
                    "names one token",
                    found.size() + " tokens have the label " + label,
                    "give the tokens different labels");
        }
        return found.get(0);
    }

    /** Closes every session with the token, as happens when a token is disconnected and connected again. For tests. */
    void closeAllSessions(int slotIndex) {
        require("C_CloseAllSessions", call("C_CloseAllSessions", new NativeLong(slots()[slotIndex])));
    }

    /** Opens a separate session for reading objects; it shares the login of the process. */
    NativeLong openSession(int slotIndex, boolean write) {
        NativeLongByReference session = new NativeLongByReference();
        require(
                "C_OpenSession",
                call(
                        "C_OpenSession",
                        new NativeLong(slots()[slotIndex]),
                        new NativeLong(write ? RW_SERIAL : SERIAL),
                        Pointer.NULL,
                        Pointer.NULL,
                        session));
        return session.getValue();
    }

    void closeSession(NativeLong session) {
        require("C_CloseSession", call("C_CloseSession", session));
    }

    /** The objects that have all these attributes. */
    List<NativeLong> find(NativeLong session, Attribute... template) {
        require(
                "C_FindObjectsInit",
                call("C_FindObjectsInit", session, Attribute.array(template), new NativeLong(template.length)));
        Memory found = new Memory((long) MAX_OBJECTS * NativeLong.SIZE);
        NativeLongByReference count = new NativeLongByReference();
        require("C_FindObjects", call("C_FindObjects", session, found, new NativeLong(MAX_OBJECTS), count));
        require("C_FindObjectsFinal", call("C_FindObjectsFinal", session));
        List<NativeLong> objects = new ArrayList<>();
        for (int i = 0; i < count.getValue().intValue(); i++) {
            objects.add(found.getNativeLong(i * (long) NativeLong.SIZE));
        }
        return objects;
    }

    /** The value of an object's attribute. */
    byte[] value(NativeLong session, NativeLong object, long type) {
        Memory value = new Memory(MAX_VALUE_BYTES);
        Memory attribute = Attribute.array(new Attribute(type, value, MAX_VALUE_BYTES));
        require("C_GetAttributeValue", call("C_GetAttributeValue", session, object, attribute, new NativeLong(1)));
        return value.getByteArray(
                0, attribute.getNativeLong(2L * NativeLong.SIZE).intValue());
    }

    /** An attribute in the form of the C interface: type, value, and length of the value in bytes. */
    record Attribute(long type, Memory value, long length) {

        static Attribute of(long type, byte[] bytes) {
            Memory value = new Memory(Math.max(1, bytes.length));
            value.write(0, bytes, 0, bytes.length);
            return new Attribute(type, value, bytes.length);
        }

        static Attribute of(long type, long number) {
            Memory value = new Memory(NativeLong.SIZE);
            value.setNativeLong(0, new NativeLong(number));
            return new Attribute(type, value, NativeLong.SIZE);
        }

        /** Several attributes in the layout of C; valid as long as the attributes are referenced. */
        static Memory array(Attribute... attributes) {
            Memory array = new Memory(Math.max(1, attributes.length) * 3L * NativeLong.SIZE);
            for (int i = 0; i < attributes.length; i++) {
                long at = i * 3L * NativeLong.SIZE;
                array.setNativeLong(at, new NativeLong(attributes[i].type()));
                array.setPointer(at + NativeLong.SIZE, attributes[i].value());
                array.setNativeLong(at + 2L * NativeLong.SIZE, new NativeLong(attributes[i].length()));
            }
            return array;
        }
    }

    private long[] slots() {
        NativeLongByReference count = new NativeLongByReference();
        require("C_GetSlotList", call("C_GetSlotList", (byte) 0, Pointer.NULL, count));
        int slots = count.getValue().intValue();
        Memory list = new Memory(Math.max(1, slots) * (long) NativeLong.SIZE);
        require("C_GetSlotList", call("C_GetSlotList", (byte) 0, list, count));
        long[] ids = new long[Math.min(slots, count.getValue().intValue())];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = list.getNativeLong(i * (long) NativeLong.SIZE).longValue();
        }
        return ids;
    }

    long call(String name, Object... arguments) {
        Function function = library.getFunction(name);
        return ((NativeLong) function.invoke(NativeLong.class, arguments)).longValue();
    }

    static void require(String name, long answer) {
        if (answer != OK) {
            throw offline(name + " answered 0x" + Long.toHexString(answer), null);
        }
    }

    private static KeyVaultException offline(String cause, @Nullable Throwable why) {
        return new KeyVaultException(
                Kind.TOKEN_OFFLINE,
                "PKCS#11 library",
                "the token is accessible",
                cause,
                "check that the token is connected and initialised, and check the settings of the library itself",
                why);
    }
}
