"""Static files in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names carry a hash, also inside `import … from "./part.js"`, so browsers may keep every file for ever."""

    support_js_module_import_aggregation = True
