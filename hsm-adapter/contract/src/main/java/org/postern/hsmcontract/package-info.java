/** What every provider of a key vault has to show; for tests, never shipped. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.postern.hsmcontract;
