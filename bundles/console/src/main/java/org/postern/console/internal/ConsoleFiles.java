package org.postern.console.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.appliance.AllowedFiles;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that commands may open: they read files in the import folders and write new files into the export folder,
 * and use no other files.
 */
@Component(
        service = ConsoleFiles.class,
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.console",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConsoleFiles.Config.class)
public final class ConsoleFiles {

    /** Where commands read and write. */
    @ObjectClassDefinition(name = "Postern console", description = "Files that console commands may read and write")
    public @interface Config {

        @AttributeDefinition(
                name = "Import folders",
                description = "Commands read files below these; relative names are resolved against the first")
        @Form(form = SettingForm.PATHS)
        String[] importFolders() default "state/import";

        @AttributeDefinition(name = "Export folder", description = "Commands write new files into this one")
        @Form(form = SettingForm.PATH)
        String exportFolder() default "state/export";
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleFiles.class);

    private final AllowedFiles files;
    private final Path export;

    @Activate
    public ConsoleFiles(Config config) {
        this(
                AllowedFiles.ofThisProcess(paths(config.importFolders()), List.of()),
                Path.of(config.exportFolder().strip()));
        for (Path folder :
                Stream.concat(files.folders().stream(), Stream.of(export)).toList()) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                LOG.warn(
                        "org.postern.console: the folder {} does not exist and cannot be created ({}): commands cannot use files in it",
                        folder,
                        e.getClass().getSimpleName());
            }
        }
    }

    /** For tests: with these allowed files and this export folder. */
    public ConsoleFiles(AllowedFiles files, Path export) {
        this.files = files;
        this.export = export;
    }

    /** Splits at commas as well, since a .cfg file has no lists. */
    private static List<Path> paths(String[] folders) {
        return Arrays.stream(folders)
                .flatMap(one -> Arrays.stream(one.split(",")))
                .map(String::strip)
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
    }

    /**
     * The content of a file in an import folder.
     *
     * @param name its name there, or its path
     * @param maxBytes the greatest length in bytes that is accepted
     * @throws org.postern.catalogue.PosternException PST-7095 where it may not be read
     */
    public byte[] read(String name, int maxBytes) {
        return files.read(name, maxBytes);
    }

    /**
     * Writes a new file in the export folder.
     *
     * @throws org.postern.catalogue.PosternException PST-7096 where it would not be a new file in that folder
     */
    public Path write(String name, byte[] content) {
        return files.write(export, name, content);
    }

    /** Names of the files directly in the first import folder, for completion. */
    public List<String> names() {
        if (files.folders().isEmpty()) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(files.folders().get(0))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
