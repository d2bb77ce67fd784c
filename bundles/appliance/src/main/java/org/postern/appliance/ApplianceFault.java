package org.postern.appliance;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of files, settings and modules of the appliance, PST-7095 to PST-7199. */
public enum ApplianceFault implements FaultCode {
    FILE_NOT_OPEN(stays(
            "PST-7095",
            OPERATOR,
            "a file that a command or an interface may not open, or that cannot be read",
            "a regular file with one name, in a folder that commands may read, and not one of Postern's own",
            "copy it there")),
    FILE_NOT_WRITTEN(stays(
            "PST-7096",
            OPERATOR,
            "a file that a command may not write, or that is there already",
            "the name of a new file, which is made in the export folder",
            "give another name")),
    STALE_SETTINGS(stays(
            "PST-7101",
            OPERATOR,
            "settings whose file no longer exists; they are deleted at the start",
            "settings come from their file",
            "put the file back if it was deleted by mistake")),
    SETTING_REFUSED(stays(
            "PST-7102",
            OPERATOR,
            "a wrong setting; nothing of its file is used, and the settings in force before stay",
            "the type, range and form of docs/settings.md",
            "correct the value in the file")),
    SETTINGS_HELD(stays(
            "PST-7104",
            OPERATOR,
            "a wrong setting where none was in force before; the part has no settings and does not start",
            "the type, range and form of docs/settings.md",
            "correct the value in the file")),
    SETTING_UNKNOWN(stays(
            "PST-7105",
            OPERATOR,
            "a file has a setting that the part does not know; it has no effect",
            "the settings of docs/settings.md",
            "correct its name, or remove it")),
    SETTINGS_NOT_STORED(stays(
            "PST-7106",
            OPERATOR,
            "settings in force cannot be stored for a start after clean or after an upgrade",
            "the folder settings/ of the state can be written",
            "free space on the disk, or correct the folder's owner and mode")),
    SETTING_RENAMED(stays(
            "PST-7107",
            OPERATOR,
            "a file has a setting under its name in the release before",
            "the settings of docs/settings.md",
            "replace the old name by the present one")),
    JAR_UNREADABLE(stays(
            "PST-7110",
            OPERATOR,
            "a file in deploy/ whose name ends with .jar, but that is not a complete jar; it is not installed",
            "a complete jar",
            "copy it there again, or remove it"));

    private final FaultEntry entry;

    ApplianceFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
